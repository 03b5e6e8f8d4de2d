package io.flowsentinel.size;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EstateTest {

    private static final int CONNECTIONS = 6_000;
    private static final int INTERFACES = 200;
    private static final int SLOT = 7;

    private final Estate estate = new Estate(INTERFACES);

    @Test
    void everyConnectionHasAKeyOfItsOwn() {
        assertThat(distinct(logged(Traffic.DATA), FlowRecord::key)).isEqualTo(CONNECTIONS);
        assertThat(distinct(logged(Traffic.UNANSWERED), FlowRecord::key)).isEqualTo(CONNECTIONS);
    }

    @Test
    void bothEndsLogAThirdOfTheConnections() {
        List<FlowRecord> records = logged(Traffic.DATA);

        assertThat(records).hasSize((int) Estate.recordsOf(CONNECTIONS));
        assertThat(records.stream().collect(Collectors.groupingBy(FlowRecord::key)).values().stream()
                        .filter(one -> one.size() == 4))
                .hasSize(CONNECTIONS / 3);
    }

    @Test
    void aConnectionIsOneKeyHoweverManySlotsItLasts() {
        List<FlowRecord> records = logged(Traffic.OPENINGS);
        records.addAll(logged(Traffic.DATA, SLOT + 1));

        assertThat(distinct(records, FlowRecord::key)).isEqualTo(CONNECTIONS);
    }

    @Test
    void oneInTenIsIpv6() {
        assertThat(logged(Traffic.DATA).stream().map(FlowRecord::key).distinct().filter(one -> one.lower()
                        .address()
                        .ipv6()))
                .hasSizeBetween(CONNECTIONS / 11, CONNECTIONS / 9);
    }

    @Test
    void theEstateHasTwentySubnetsInFiveVpcsOfThreeAccounts() {
        List<FlowRecord> records = logged(Traffic.DATA);

        assertThat(distinct(records, FlowRecord::observer)).isEqualTo(INTERFACES);
        assertThat(distinct(records, one -> one.observer().subnetId())).isEqualTo(20);
        assertThat(distinct(records, one -> one.observer().vpcId())).isEqualTo(5);
        assertThat(distinct(records, one -> one.observer().accountId())).isEqualTo(3);
        assertThat(records).extracting(FlowRecord::observer).allSatisfy(one -> assertThat(one)
                .hasNoNullFieldsOrProperties());
    }

    @Test
    void anObjectHoldsOneSlotOfOneVpc() {
        List<FlowRecord> records = logged(Traffic.DATA);
        records.addAll(logged(Traffic.DATA, SLOT + 1));

        assertThat(distinct(records, one -> one.ref().object())).isEqualTo(2 * 5);
        assertThat(distinct(records, FlowRecord::ref)).isEqualTo(records.size());
    }

    @Test
    void recordsLieInTheirSlotAndMayBeFoldedBeforeTheNext() {
        assertThat(logged(Traffic.DATA)).allSatisfy(one -> {
            assertThat(one.start()).isGreaterThanOrEqualTo(Slot.start(SLOT));
            assertThat(one.end()).isLessThan(Slot.start(SLOT + 1));
            assertThat(one.start() + 120).isBetween(Slot.foldedAt(SLOT - 1) + 1, Slot.foldedAt(SLOT));
        });
    }

    @Test
    void openingsHaveASynAndItsAnswerAndDataHaveNoFlags() {
        assertThat(distinct(logged(Traffic.OPENINGS), FlowRecord::tcpFlags)).isEqualTo(2);
        assertThat(logged(Traffic.OPENINGS).stream().filter(one -> TcpFlags.opens(one.tcpFlags())))
                .hasSize((int) Estate.recordsOf(CONNECTIONS) / 2);
        assertThat(logged(Traffic.DATA)).allMatch(one -> one.tcpFlags() == 0);
    }

    private List<FlowRecord> logged(Traffic traffic) {
        return logged(traffic, SLOT);
    }

    private List<FlowRecord> logged(Traffic traffic, int slot) {
        List<FlowRecord> records = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            estate.log(traffic, i, slot, records::add);
        }
        return records;
    }

    private static long distinct(List<FlowRecord> records, Function<FlowRecord, Object> part) {
        return records.stream().map(part).distinct().count();
    }
}
