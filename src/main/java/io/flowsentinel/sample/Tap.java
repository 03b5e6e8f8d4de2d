package io.flowsentinel.sample;

/**
 * A place where a conversation is logged.
 *
 * @param nic the interface
 * @param forward how it sees the originator's packets
 * @param reply how it sees the responder's packets
 */
public record Tap(Nic nic, View forward, View reply) {}
