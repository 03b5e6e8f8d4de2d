package io.flowsentinel.detect;

import static io.flowsentinel.detect.judging.Connections.from;
import static io.flowsentinel.detect.judging.Connections.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.PageFormat;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.settings.Networks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final int FAMILY = 1;
    private static final long PANE = 600;

    @Test
    void whatIsPackedIsMadeAgainAsItWas() throws IOException {
        Schedule plain = schedule();
        byte[] expected = bytes(plain);

        plain.pack();

        assertThat(bytes(plain)).isEqualTo(expected);
        plain.pack();
        assertThat(bytes(plain.copy())).isEqualTo(expected);
        Agenda again = plain.known(FAMILY);
        assertThat(again.counted).isEqualTo(1);
        assertThat(again.panes.first()).isEqualTo(PANE);
        assertThat(again.onlyPage()).isNotNull();
        assertThat(plain.known(FAMILY + 1)).isNull();
    }

    /** A snapshot is written in the background, while the subject may be copied to be changed. */
    @Test
    void whoeverWritesItChangesNothing() throws IOException {
        Schedule packed = schedule();
        packed.pack();

        bytes(packed);

        assertThat(packed.unpacked()).isNotSameAs(packed.unpacked());
        assertThat(packed.agendas()).isSameAs(packed.agendas());
    }

    @Test
    void aCopyDoesNotSeeWhatIsAddedLater() throws IOException {
        Schedule packed = schedule();
        packed.pack();
        Schedule copy = packed.copy();

        packed.agenda(FAMILY).filling(PANE).page.put(true, Cell.ofSubject("more"), Tally.fact(1));

        assertThat(bytes(copy)).isEqualTo(bytes(schedule())).isNotEqualTo(bytes(packed));
    }

    @Test
    void whatHasMoreThanOneSmallPageIsNotPacked() throws IOException {
        Schedule judged = schedule();
        judged.known(FAMILY).judged = PANE;
        Schedule dueLater = schedule();
        dueLater.known(FAMILY).memoryDue = 3 * PANE;
        Schedule found = schedule();
        found.known(FAMILY).findingsDue = 2 * PANE;
        Schedule limited = schedule();
        limited.known(FAMILY).filling(PANE).limit();
        Schedule twoPanes = schedule();
        twoPanes.known(FAMILY).filling(2 * PANE);
        Schedule open = schedule();
        open.known(FAMILY).filling(PANE).page.counting();
        Schedule twoFamilies = schedule();
        twoFamilies.agenda(FAMILY + 1);

        for (Schedule one : new Schedule[] {judged, dueLater, found, limited, twoPanes, open, twoFamilies}) {
            Agenda before = one.known(FAMILY);
            one.pack();
            assertThat(one.known(FAMILY)).isSameAs(before);
        }
    }

    @Test
    void whatIsStruckOutIsGone() throws IOException {
        Schedule packed = schedule();
        packed.pack();

        packed.remove(FAMILY);

        assertThat(packed.agendas()).isEmpty();
    }

    private static Schedule schedule() throws IOException {
        Schedule schedule = new Schedule();
        schedule.wakeAt = 900;
        Agenda agenda = schedule.agenda(FAMILY);
        Page page = sent();
        agenda.noteAll(agenda.filling(PANE), page.weight(), page.countingCells(), page.factCells());
        agenda.filling(PANE).page = page;
        return schedule;
    }

    /** As it comes out of the key exchange. */
    private static Page sent() throws IOException {
        ClosedConnection connection = new ClosedConnection(
                from("10.0.1.5", "203.0.113.9", 443).answered().close(), Networks.byDefault());
        Cell cell = new Cell(ip("203.0.113.9"), 443, 6, null, Map.of());
        DataOutputSerializer out = new DataOutputSerializer(256);
        List<String> texts = new ArrayList<>();
        PageFormat.write(false, cell, Tally.of(connection.sample(), false), out, texts::add);
        return Page.written(out.getCopyOfBuffer(), texts.toArray(String[]::new), 1, 0, 1);
    }

    private static byte[] bytes(Schedule schedule) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(512);
        new ScheduleSerializer().write(schedule, out);
        return out.getCopyOfBuffer();
    }
}
