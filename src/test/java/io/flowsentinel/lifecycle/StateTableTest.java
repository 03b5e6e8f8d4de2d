package io.flowsentinel.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Side;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StateTableTest {

    record Cell(int originator, int responder, ConnState state) {}

    static Stream<Cell> cells() throws IOException {
        List<String[]> rows;
        try (BufferedReader table = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(StateTableTest.class.getResourceAsStream("conn-state-table.csv")),
                StandardCharsets.UTF_8))) {
            rows = table.lines().map(line -> line.split(",", -1)).toList();
        }
        String[] columns = rows.get(0);
        return rows.stream().skip(1).flatMap(row -> IntStream.range(1, row.length)
                .mapToObj(i -> new Cell(flags(row[0]), flags(columns[i]), ConnState.valueOf(row[i]))));
    }

    private static int flags(String text) {
        return text.equals("-") ? Side.NO_RECORD : Integer.parseInt(text);
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everyCellIsTheTables(Cell cell) {
        assertThat(StateTable.of(cell.originator(), cell.responder())).isEqualTo(cell.state());
    }

    @ParameterizedTest
    @CsvSource({"18,2", "19,3", "22,6", "23,7"})
    void aSynAckOfTheOriginatorIsReadAsASyn(int flags, int readAs) {
        for (int responder : new int[] {-1, 0, 1, 4, 5, 18, 19, 22, 23}) {
            assertThat(StateTable.of(flags, responder)).isEqualTo(StateTable.of(readAs, responder));
        }
    }

    @ParameterizedTest
    @CsvSource({"2,0", "3,1", "6,4", "7,5"})
    void aSynOfTheResponderIsNotRead(int flags, int readAs) {
        for (int originator = -1; originator < 8; originator++) {
            assertThat(StateTable.of(originator, flags)).isEqualTo(StateTable.of(originator, readAs));
        }
    }
}
