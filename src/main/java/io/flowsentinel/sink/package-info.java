/**
 * What the job found, written for others: the feeds of connections, alerts and lines set aside, as JSON, to Kafka, to
 * files or to a terminal, and the accounts of the run.
 *
 * <p>Design notes. A {@link io.flowsentinel.sink.FeedEncoder} knows what a message says and nothing of where it goes;
 * the Kafka and file sinks know where and nothing of what. Nothing in a body depends on the run: what does, stands in
 * Kafka headers. Every body is held to a JSON Schema, {@code schema/*.json} beside these classes.
 */
package io.flowsentinel.sink;
