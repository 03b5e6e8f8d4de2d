package io.flowsentinel.detect.judging;

/** Tells what the packets and bytes of a record mean to the rules of one family. Asked of every record. */
public interface RecordRouter {

    /** A record was logged. */
    void route(CountedRecord flow, Marks marks);

    /** See {@link ConnectionRouter#tellDue}. */
    default void tellDue(long time, Marks marks) {}
}
