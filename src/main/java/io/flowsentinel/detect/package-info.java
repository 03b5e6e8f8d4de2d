/**
 * One class per detector: connections in, alerts out.
 *
 * <p>Design notes. {@link RouteConnections} turns a connection into slim {@link Contribution}s before the key exchange;
 * {@link DetectConnections} keeps an {@link Agenda}, a {@link Ledger} and {@link Findings} per key and asks its {@link
 * Watch} what each pane says. A pane is
 * evaluated once, in event time, with exactly the contributions that were certain by then, so neither arrival order
 * nor the size of watermark steps can be seen in an alert. Detectors only say where their condition holds
 * ({@link Sighting}); {@link Episode} turns that into Create, Update and Close.
 *
 * <p>A rule that is switched off says nothing, not even about findings it left open: they are forgotten, without a Close,
 * when their key is next judged. Every group has its operator whatever is on, so that its state is always taken up.
 *
 * <p>A deviation from the catalogue, where {@code mixed-scan} counts every failed (responder, port): here it counts those
 * that no live {@code port-scan} or {@code host-sweep} of the same window accounts for. Taken by the letter, a plain scan
 * of 250 ports of one host would be two findings.
 *
 * <p>State of a key is created by its first contribution and cleared by {@link DetectConnections#onTimer} once no pane
 * and no episode is left.
 */
package io.flowsentinel.detect;
