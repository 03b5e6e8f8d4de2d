package io.flowsentinel.detect;

/** Tells what the packets and bytes of a record mean to the rules of one family. Asked of every record. */
interface RecordRouter {

    void route(CountedRecord flow, Marks marks);
}
