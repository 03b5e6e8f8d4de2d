package io.flowsentinel.detect.settings;

/**
 * How much has to be known of a subject before rules that learn judge it.
 *
 * @param days since the subject was first seen
 * @param hours in which it did something
 */
public record BaselineNeeded(long days, long hours) {}
