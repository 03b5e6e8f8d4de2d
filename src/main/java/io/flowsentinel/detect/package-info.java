/**
 * One class per detector: connections in, alerts out.
 *
 * <p>Design notes. {@link RouteConnections} turns a connection into slim {@link Contribution}s before the key exchange;
 * {@link DetectConnections} keeps one {@link Watched} per key and asks its {@link Watch} what each pane says. A pane is
 * evaluated once, in event time, with exactly the contributions that were certain by then, so neither arrival order
 * nor the size of watermark steps can be seen in an alert. Detectors only say where their condition holds
 * ({@link Sighting}); {@link Episode} turns that into Create, Update and Close.
 *
 * <p>State of a key is created by its first contribution and cleared by {@link DetectConnections#onTimer} once no pane
 * and no episode is left.
 */
package io.flowsentinel.detect;
