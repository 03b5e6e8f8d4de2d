/**
 * Header and line to flow record, coverage record or quarantined line: knows the fields of VPC Flow Logs, not where
 * lines come from.
 *
 * <h2>Design notes</h2>
 *
 * <ul>
 *   <li>Columns are found by name, once a header; the version column decides nothing.
 *   <li>A line is first read as a record and tried as a header only when that fails: a header never reads as a record
 *       (its addresses are no addresses), so repeated headers cost the records nothing.
 *   <li>{@code -} is absent. Absent action means ACCEPT, absent log-status OK, absent packets and bytes 0 (Block Public
 *       Access rejects carry no bytes). Everything else that is needed and absent quarantines the line.
 *   <li>A NODATA or SKIPDATA line without times is counted and goes no further: there is no span to apply it to.
 *   <li>Transit gateway records have no packet-level addresses and so are always of degraded key quality.
 *   <li>An address with a leading zero in an octet is refused: readers disagree on whether {@code 010} is eight.
 * </ul>
 */
package io.flowsentinel.parse;
