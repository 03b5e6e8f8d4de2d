package io.flowsentinel.detect.judging;

import static io.flowsentinel.detect.judging.VolumeRecords.observer;
import static io.flowsentinel.detect.judging.VolumeRecords.received;
import static io.flowsentinel.detect.judging.VolumeRecords.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.model.Observer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountedRecordTest {

    private static final String NODE = "10.0.1.7";
    private static final String POD = "10.0.44.5";
    private static final String PEER = "203.0.113.9";
    private static final Observer OF_NODE = observer("eni-node", "i-1");

    @Test
    void whatAnInterfaceSendsAndReceivesUnderItsFirstAddressIsItsOwn() {
        assertThat(counted(sent(NODE, PEER)).sent()).isTrue();
        assertThat(counted(received(PEER, NODE)).received()).isTrue();
    }

    @Test
    void whatAPodSendsAndReceivesIsItsOwn() {
        CountedRecord sent = counted(sent(POD, PEER).by(OF_NODE).inTheNameOf(NODE));
        CountedRecord received = counted(received(PEER, POD).by(OF_NODE).gotBy(NODE));

        assertThat(sent.sent()).isTrue();
        assertThat(sent.received()).isFalse();
        assertThat(received.received()).isTrue();
        assertThat(received.sent()).isFalse();
    }

    @Test
    void anInterfaceThatSaysItIsOneNeedsNoInstance() {
        assertThat(counted(sent(POD, PEER).by(kind("interface")).inTheNameOf(NODE))
                        .sent())
                .isTrue();
        assertThat(counted(sent(POD, PEER).by(kind(null)).inTheNameOf(NODE)).sent())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nat_gateway", "network_load_balancer", "transit_gateway", "gateway_load_balancer"})
    void whatPassesAGatewayIsNobodysOwnThere(String type) {
        assertThat(counted(sent(POD, PEER).by(kind(type)).inTheNameOf(NODE)).sent())
                .isFalse();
        assertThat(counted(received(PEER, POD).by(kind(type)).gotBy(NODE)).received())
                .isFalse();
    }

    @Test
    void whatAnApplianceForwardsFromAnotherNetworkIsNotItsOwn() {
        assertThat(counted(sent("10.9.44.5", PEER).by(OF_NODE).inTheNameOf(NODE))
                        .sent())
                .isFalse();
        assertThat(counted(sent("198.51.100.7", PEER).by(OF_NODE).inTheNameOf(NODE))
                        .sent())
                .isFalse();
    }

    @Test
    void whatAGatewayGetsForAnotherIsNotItsOwn() {
        assertThat(counted(sent(POD, PEER).by(OF_NODE).inTheNameOf(NODE).gotBy("10.0.0.220"))
                        .sent())
                .isFalse();
    }

    private static Observer kind(String interfaceType) {
        return new Observer("vpc-1", "eni-1", "123456789012", null, null, "vpc-1", null, null, interfaceType, null);
    }

    private static CountedRecord counted(VolumeRecords record) {
        return new CountedRecord(record.folded(), Networks.byDefault());
    }
}
