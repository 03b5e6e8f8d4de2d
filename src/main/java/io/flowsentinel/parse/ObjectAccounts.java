package io.flowsentinel.parse;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.CoverageRecord;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts what became of the lines of one object, and gives the counts up bit by bit. Lines read is the sum of the kinds, so
 * the accounts add up by construction. One thread.
 */
final class ObjectAccounts {

    private long headers;
    private long ok;
    private long late;
    private long noData;
    private long skipData;
    private long quarantined;

    void header() {
        headers++;
    }

    void ok() {
        ok++;
    }

    /** A late record is an ok record that goes another way. */
    void late() {
        ok++;
        late++;
    }

    void coverage(CoverageRecord.Status status) {
        switch (status) {
            case NODATA -> noData++;
            case SKIPDATA -> skipData++;
        }
    }

    void quarantined() {
        quarantined++;
    }

    /** The accounts of the lines since the last call: what is not zero. */
    Accounts take(long bytesRead) {
        SortedMap<String, Long> amounts = new TreeMap<>();
        put(amounts, Accounts.BYTES_READ, bytesRead);
        put(amounts, Accounts.LINES_READ, headers + ok + noData + skipData + quarantined);
        put(amounts, Accounts.HEADER_LINES, headers);
        put(amounts, Accounts.RECORDS_OK, ok);
        put(amounts, Accounts.RECORDS_NODATA, noData);
        put(amounts, Accounts.RECORDS_SKIPDATA, skipData);
        put(amounts, Accounts.RECORDS_QUARANTINED, quarantined);
        put(amounts, Accounts.RECORDS_LATE, late);
        headers = 0;
        ok = 0;
        late = 0;
        noData = 0;
        skipData = 0;
        quarantined = 0;
        return new Accounts(Collections.unmodifiableSortedMap(amounts));
    }

    /** The accounts of an object that is over: read to its end or failed before, at once or in several attempts. */
    static Accounts ofObject(boolean failed, boolean retried) {
        Accounts object = Accounts.of(failed ? Accounts.OBJECTS_FAILED : Accounts.OBJECTS_READ, 1);
        return retried ? object.plus(Accounts.of(Accounts.OBJECTS_RETRIED, 1)) : object;
    }

    private static void put(SortedMap<String, Long> amounts, String name, long amount) {
        if (amount != 0) {
            amounts.put(name, amount);
        }
    }
}
