package io.flowsentinel.detect.judging;

import java.util.HashMap;
import java.util.Map;

/** A ledger without Flink. */
public final class LedgerInMemory implements Ledger {

    private final Map<Long, Page> pages = new HashMap<>();

    @Override
    public Page get(long pane) {
        return pages.get(pane);
    }

    @Override
    public void put(long pane, Page page) {
        pages.put(pane, page);
    }

    @Override
    public void remove(long pane) {
        pages.remove(pane);
    }
}
