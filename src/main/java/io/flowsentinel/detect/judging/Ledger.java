package io.flowsentinel.detect.judging;

/** What one subject did, as far as the rules of one family look back: a page for each pane, named by its start. */
public interface Ledger {

    /** Null where there is none. A change has to be put back. */
    Page get(long pane);

    /** Keeps a page, instead of the one that is there. */
    void put(long pane, Page page);

    /** Takes a page out; nothing where there is none. */
    void remove(long pane);
}
