/**
 * SYN, SYN-ACK, close, silence: flow records become connections. The one stateful heart of the job.
 *
 * <p>Trouble, and what becomes of it:
 *
 * <table>
 *   <caption>Failure cases</caption>
 *   <tr><th>what the log shows</th><th>what is said</th></tr>
 *   <tr><td>records in any order, from any object</td><td>folded in one total order of their own times and contents,
 *       once event time has passed them</td></tr>
 *   <tr><td>the answer before the request</td><td>roles come from flags, never from the order of lines</td></tr>
 *   <tr><td>no beginning</td><td>midstream, or a continuation of the connection that had fallen silent</td></tr>
 *   <tr><td>everything in one window</td><td>one record of each direction with SYN and FIN: SF</td></tr>
 *   <tr><td>tuple used again after the close</td><td>closed, and a new connection</td></tr>
 *   <tr><td>tuple used again, no close seen</td><td>tcp_reuse with missed_close, and a new connection</td></tr>
 *   <tr><td>the same packets at several interfaces</td><td>one connection, each direction counted at one of them</td></tr>
 *   <tr><td>the same line twice</td><td>counted as a duplicate, not added</td></tr>
 *   <tr><td>silence</td><td>a timeout by what was seen last; never called closed</td></tr>
 *   <tr><td>records found late, older than what is open</td><td>a connection of their own, over at once</td></tr>
 *   <tr><td>lost records (SKIPDATA)</td><td>coverage_gap</td></tr>
 *   <tr><td>the input ends</td><td>end_of_input, unless the deadline had passed</td></tr>
 * </table>
 *
 * <p>Design notes. {@code ConnectionTracker} decides, {@code Bucket} keeps, {@code TrackConnections} wires. A timer and
 * a state entry per connection cost more than all the rest of the job, so connections share 2,048 buckets, and a bucket
 * is worked once for each advance of the watermark. Those of two addresses about one service are in the same: they name
 * the same interfaces, and what comes of them adds up close by; the price is that they are one subtask's work. The
 * result depends neither on how far one advance goes nor on what arrives when: records fold by their own times, a closed
 * connection waits until coverage records that overlap it must be here, and {@code decidedAt} is computed, not observed.
 *
 * <p>Records come in blocks of one bucket, {@code FlowBlock}, packed where they were read by {@code GatherFlows}: what
 * there is to pay for whatever crosses to another task and is kept in a state is paid for 64 of them at once. They stay
 * packed until they may be folded. {@code RipeRecords} then finds by the bytes of their keys which belong together.
 *
 * <p>Between two workings all that is remembered of a bucket's keys (open connections, ended ones that are not final,
 * traces of silence) is one block of bytes, {@code PackedKeys}. What connections have in common, interfaces and objects,
 * is held once a bucket. With 2,000 interfaces an open connection takes about 100 bytes of heap and 140 of a checkpoint.
 * {@code PackedPass} works the ripe records into the block in one pass, which unpacks only the keys that are due or have
 * such records and copies the others.
 * So an open connection is no object at all, the garbage collector has nothing to follow, RocksDB reads and writes one
 * value a bucket, and a checkpoint may keep the block, since it is never changed. The price: a bucket is written anew for
 * each advance of the watermark, so an incremental checkpoint after one holds most of the state.
 *
 * <p>W configured too short: a record longer than W + 60 s is ordered as if it had started W + 60 s before its end, so a
 * connection's start, the earliest of its records', may be before the start in its id, the first folded record's. No two
 * connections of a key share an id but for two exceptions. A record longer than 660 s, AWS's longest interval and its
 * slack, may be numbered like a connection long forgotten that began in the same second. And records of an object
 * published so late that their connection is closed already make a second one, which may begin in the same second.
 */
package io.flowsentinel.lifecycle;
