package io.flowsentinel.day;

import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.ObjectWriter;
import io.flowsentinel.sample.RecordLine;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Script;
import io.flowsentinel.sample.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** An evening and the day after it in a make-believe VPC, as flow log objects; the same bytes each time. */
final class WholeDay {

    private static final long SEED = 20_260_304;
    private static final String HEADER = RecordLine.HEADER + " interface-type";

    private final DayEstate estate;
    private final Wire wire;
    private final Lifetimes lifetimes;
    private final List<Script> scripts = new ArrayList<>();

    WholeDay() {
        Dice dice = new Dice(SEED);
        estate = new DayEstate(dice.fork("estate"));
        wire = new Wire(estate.interfaces(), Clock.START.toEpochMilli(), Clock.END.toEpochMilli(), dice.fork("wire"));
        lifetimes = new Lifetimes(estate);
        Play play = new Play(estate, new Routes(estate.nat, wire, dice.fork("routes")), dice);
        List<Function<Play, Script>> usual = List.of(
                ShopVisits::new,
                HealthChecks::new,
                DatabaseWork::new,
                OutboundCalls::new,
                PackageUpdates::new,
                NameLookups::new,
                TimeQueries::new,
                Monitoring::new,
                Administration::new,
                ConfigurationRuns::new,
                Backups::new,
                MailRelay::new,
                NameServer::new,
                SmallServices::new,
                LongLookalikes::new,
                InternetNoise::new);
        List<Function<Play, Script>> incidents = List.of(
                PortScanUnanswered::new,
                PortScanAnswered::new,
                PortScanInside::new,
                HostSweep::new,
                MixedScan::new,
                SlowScan::new,
                LateralFanOut::new,
                RejectBurst::new,
                SynFlood::new,
                SpamHost::new,
                BruteForce::new,
                ResetStorm::new,
                Amplification::new,
                UnapprovedDns::new,
                IcmpTunnel::new,
                Exfiltration::new,
                OutboundFlood::new,
                Strobe::new,
                Tunnel::new,
                ReplyDrop::new,
                AsymmetricPath::new,
                Backscatter::new,
                ListedPeers::new,
                Beacon::new,
                NewRemotePort::new,
                UnusualAwsService::new,
                NewExternalPeer::new,
                UnusualProtocol::new,
                NewlyAllowed::new,
                EstateAgent::new);
        int kinds = 0;
        for (List<Function<Play, Script>> some : List.of(usual, incidents)) {
            for (Function<Play, Script> kind : some) {
                // Dice of their own, so that a change of one kind of traffic leaves the others' alone.
                scripts.add(kind.apply(new Play(estate, play.routes(), dice.fork("kind " + kinds++))));
            }
        }
        scripts.add(new LostRecords(estate, wire));
        scripts.add(lifetimes);
    }

    /** What the rules must find, one entry a Create. */
    List<Expected> expected() {
        return scripts.stream()
                .filter(Episode.class::isInstance)
                .flatMap(script -> ((Episode) script).expected().stream())
                .toList();
    }

    /** Writes {@code AWSLogs/...} below a folder. Once only: then the packets are gone. */
    void write(Path root) throws IOException {
        try (ObjectWriter objects = new ObjectWriter(root, HEADER)) {
            Wire.Lines lines = (nic, end, line) -> {
                if (lifetimes.writes(nic, end)) {
                    objects.add(nic.flowLog(), end, line + " " + estate.type(nic));
                }
            };
            for (int index = 0; index < Clock.MINUTES; index++) {
                Minute minute = new Minute(index, Clock.START.toEpochMilli() + index * Minute.MILLIS);
                wire.flush(minute.startMillis(), lines);
                objects.finish((minute.startMillis() - Minute.MILLIS) / 1000);
                scripts.forEach(script -> script.play(minute));
            }
            wire.flush(Clock.END.toEpochMilli(), lines);
        }
    }
}
