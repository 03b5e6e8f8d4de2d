package io.flowsentinel.parse;

import static io.flowsentinel.parse.ParsedObject.V2_HEADER;
import static io.flowsentinel.parse.ParsedObject.V2_RECORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.CoverageRecord;
import org.junit.jupiter.api.Test;

class CoverageLinesTest {

    @Test
    void tellsNoDataFromSkippedData() {
        ParsedObject parsed = ParsedObject.of(
                V2_HEADER,
                "2 unknown eni-2 - - - - - - - 1700000003 1700000003 - NODATA",
                "2 012345678901 eni-3 - - - - - - - 1700000000000 1700000050000 - SKIPDATA");

        assertThat(parsed.coverage())
                .extracting(
                        line -> line.observer().interfaceId(),
                        CoverageRecord::status,
                        CoverageRecord::start,
                        CoverageRecord::end)
                .containsExactly(
                        tuple("eni-2", CoverageRecord.Status.NODATA, 1_700_000_003L, 1_700_000_003L),
                        tuple("eni-3", CoverageRecord.Status.SKIPDATA, 1_700_000_000L, 1_700_000_050L));
        assertThat(parsed.accounts().get(Accounts.RECORDS_NODATA)).isEqualTo(1);
        assertThat(parsed.accounts().get(Accounts.RECORDS_SKIPDATA)).isEqualTo(1);
        assertThat(parsed.accounts().get(Accounts.RECORDS_OK)).isZero();
    }

    @Test
    void countsNoDataWithoutTimesAndFindsNothingElseToSay() {
        ParsedObject parsed = ParsedObject.of(V2_HEADER, "2 unknown eni-2 - - - - - - - - - - NODATA", V2_RECORD);

        assertThat(parsed.coverage()).isEmpty();
        assertThat(parsed.quarantined()).isEmpty();
        assertThat(parsed.accounts().get(Accounts.RECORDS_NODATA)).isEqualTo(1);
        assertThat(parsed.flows()).hasSize(1);
    }

    @Test
    void aLossThatComesTooLateIsOnlyCounted() {
        String line = "2 1 eni-3 - - - - - - - 1700000000 1700000050 - SKIPDATA";

        ParsedObject inTime = ParsedObject.read(ParsedObject.SETTINGS, 1_700_000_650, V2_HEADER, line);
        ParsedObject late = ParsedObject.read(ParsedObject.SETTINGS, 1_700_000_651, V2_HEADER, line);

        assertThat(inTime.coverage()).hasSize(1);
        assertThat(late.coverage()).isEmpty();
        assertThat(late.late()).isEmpty();
        assertThat(late.accounts().get(Accounts.RECORDS_SKIPDATA)).isEqualTo(1);
    }

    @Test
    void aNoDataLineOfWrongTimesIsQuarantined() {
        ParsedObject parsed = ParsedObject.of(V2_HEADER, "2 1 eni-2 - - - - - - - 1700000003 1700000002 - NODATA");

        assertThat(parsed.reasons()).containsExactly("end '1700000002' is not at or after start '1700000003'");
    }

    @Test
    void aLineOfHyphensIsNoDataOnlyWhereLogStatusSaysSo() {
        ParsedObject parsed = ParsedObject.of(
                V2_HEADER.replace(" log-status", ""),
                "2 1 eni-2 - - - - - - - 1700000003 1700000004 -",
                V2_RECORD.replace(" OK", ""));

        assertThat(parsed.reasons()).containsExactly("srcaddr '-' is not an IP address");
        assertThat(parsed.flows()).hasSize(1);
    }
}
