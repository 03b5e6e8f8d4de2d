package io.flowsentinel.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes the flow log objects of a make-believe VPC below a folder, minute by minute, in little memory. */
public final class SampleLogs {

    /**
     * What was written.
     *
     * @param records header lines not counted
     * @param objects gzip objects
     */
    public record Written(long records, long objects) {}

    private SampleLogs() {}

    /** Writes {@code AWSLogs/...} below {@code root}. The same settings write the same bytes. */
    public static Written write(Path root, Settings settings) throws IOException {
        Dice dice = new Dice(settings.seed());
        Estate estate = new Estate(dice.fork("estate"));
        Wire wire = new Wire(estate.interfaces(), settings.startMillis(), settings.endMillis(), dice.fork("wire"));
        List<Script> scripts = scripts(estate, wire, dice, settings.scale());
        try (ObjectWriter objects = new ObjectWriter(root)) {
            Wire.Lines lines = (nic, end, line) -> objects.add(nic.flowLog(), end, line);
            long minutes = settings.duration().toMinutes();
            for (int index = 0; index < minutes; index++) {
                Minute minute = new Minute(index, settings.startMillis() + index * Minute.MILLIS);
                wire.flush(minute.startMillis(), lines);
                objects.finish((minute.startMillis() - InterfaceLog.WINDOW_MILLIS) / 1000);
                scripts.forEach(script -> script.play(minute));
            }
            wire.flush(settings.endMillis(), lines);
            return new Written(objects.lines(), objects.objects());
        }
    }

    private static List<Script> scripts(Estate estate, Wire wire, Dice dice, double scale) {
        Routes routes = new Routes(estate.nat, wire, dice.fork("routes"));
        return List.of(
                new WebTraffic(estate, routes, dice.fork("web"), scale),
                new HealthChecks(estate, routes, dice.fork("health")),
                new DatabasePools(estate, routes, dice.fork("database")),
                new OutboundCalls(estate, routes, dice.fork("outbound"), scale),
                new PackageUpdates(estate, routes, dice.fork("updates")),
                new NamesAndTime(estate, routes, dice.fork("names"), scale),
                new Monitoring(estate, routes, dice.fork("monitoring")),
                new BastionSessions(estate, routes, dice.fork("bastion")),
                new Backups(estate, routes, dice.fork("backups")),
                new KioskVisits(estate, routes, dice.fork("kiosk")),
                new InternetNoise(estate, routes, dice.fork("noise"), scale),
                new ReportService(estate, routes, dice.fork("reports")),
                new PortScan(estate, routes, dice.fork("scan")),
                new HostSweep(estate, routes),
                new ExposedSsh(estate, routes, dice.fork("ssh")),
                new LostRecords(estate, wire));
    }
}
