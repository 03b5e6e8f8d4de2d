package io.flowsentinel.parse;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.CoverageRecord;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts what became of the lines of one object. Lines read is the sum of the kinds, so the accounts add up by
 * construction. One thread.
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

    /** The accounts of the object, read to its end or failed before. */
    Accounts total(long bytesRead, boolean failed) {
        SortedMap<String, Long> amounts = new TreeMap<>();
        amounts.put(failed ? Accounts.OBJECTS_FAILED : Accounts.OBJECTS_READ, 1L);
        amounts.put(Accounts.BYTES_READ, bytesRead);
        amounts.put(Accounts.LINES_READ, headers + ok + noData + skipData + quarantined);
        amounts.put(Accounts.HEADER_LINES, headers);
        amounts.put(Accounts.RECORDS_OK, ok);
        amounts.put(Accounts.RECORDS_NODATA, noData);
        amounts.put(Accounts.RECORDS_SKIPDATA, skipData);
        amounts.put(Accounts.RECORDS_QUARANTINED, quarantined);
        amounts.put(Accounts.RECORDS_LATE, late);
        return new Accounts(Collections.unmodifiableSortedMap(amounts));
    }
}
