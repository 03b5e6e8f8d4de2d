/**
 * Writes flow logs of a small make-believe VPC, byte for byte the same for the same seed: the sample in the repository
 * and the data of the benchmark.
 *
 * <h2>Design notes</h2>
 *
 * <ul>
 *   <li>Scripts play traffic as packets; {@link io.flowsentinel.sample.Wire} turns packets into records the way AWS
 *       does: one record per interface, direction, 5-tuple, action and aggregation interval. No script writes a record.
 *   <li>Every interface has its own phase within the minute, so two interfaces date the same packet up to 59 s apart.
 *   <li>Addresses outside the VPC come from ranges reserved for documentation and benchmarks (RFC 5737, RFC 2544, RFC
 *       3849), AWS services aside: nobody's real address is accused of a scan.
 *   <li>{@link java.util.Random} because its numbers are specified; no wall clock, no hash iteration order.
 * </ul>
 */
package io.flowsentinel.sample;
