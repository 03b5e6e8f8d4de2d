/**
 * What a connection is, written down once more as a plain batch program: sort, group, fold, describe. Written from the
 * specification, not from the job, and sharing nothing with it but the nouns of the model, so that what both say is
 * what was meant.
 *
 * <p>Every question is answered by going through the records again; nothing is kept that could be kept wrongly. For
 * records of at most W + 60 s.
 *
 * <h2>Where the specification leaves a reading open</h2>
 *
 * <ul>
 *   <li>A side is "SYN-only" or "SYN-ACK" by the OR of its flags, so 18 of a simultaneous open is no SYN-only.
 *   <li>"Established" is whatever is neither closed nor a mere attempt, however little of it was seen.
 *   <li>A connection none of whose records has flags is ended by a SYN in a later window like any other: the rules that
 *       need flags have them from that record.
 *   <li>{@code syn_records} counts the originator's SYN-only records of all interfaces and both actions.
 *   <li>"Records at most 60 s apart" of reply_denied is asked of observations, from first start to last end.
 *   <li>{@code mixed} at any interface comes before {@code reply_denied} at any other.
 *   <li>denied_by_destination: a REJECT of either direction, and an ACCEPT of the originator at another interface.
 *   <li>UDP, like TCP, counts ACCEPT records alone where there are any; what was only rejected is no answer, so rejected
 *       both ways is S0.
 *   <li>A side's own interface is the first, by id, that sends what the side sends or receives what it is sent.
 * </ul>
 */
package io.flowsentinel.reference;
