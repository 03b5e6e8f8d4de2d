/**
 * The lines of flow log objects from folders and buckets, with progress; knows objects and lines, not VPC.
 *
 * <h2>Design notes</h2>
 *
 * <ul>
 *   <li>Event time comes from delivery slots, not from records: the enumerator hands objects out in the order of the
 *       five-minute slots in their names, learns of every object that was read to its end, and moves event time to
 *       {@code S - maxDelay} only when all slots up to {@code S} are closed. So no reading order, parallelism or
 *       restart makes a record late.
 *   <li>The enumerator outlives its readers: after a failed task it goes on with what it knows, while readers fall
 *       back to the last checkpoint. What they were restored with therefore goes to the enumerator first
 *       ({@link org.apache.flink.api.connector.source.SupportsSplitReassignmentOnRecovery}), reopens its slots and is
 *       handed out again; until all readers are back, nothing is handed out and event time stands still. This rests
 *       on all readers restarting together, as they do in a job with any key exchange.
 *   <li>Objects handed out are remembered, finished or not: those a restored reader does not bring back were
 *       finished between the enumerator's part of the checkpoint and the reader's.
 *   <li>The progress in a checkpoint is the closed slot and 16 bytes for each object that a new listing would show
 *       again, not a list of all keys ever seen.
 *   <li>The unit of progress within an object is a batch of lines with their account, given out as a whole; after a
 *       restore an object is read from its beginning, since gzip has no other place to begin, and what was given out is
 *       discarded. So nothing has to be kept for the end of an object, and one that cannot be read any more ends where it
 *       is, with accounts that add up.
 *   <li>A reader overlaps the round trips to a storage: several objects are opened, inflated and read ahead at a time, each
 *       by a thread of its own. Decoding stays on the fetcher thread, whose caches the objects of a reader share.
 * </ul>
 */
package io.flowsentinel.source;
