package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertFilterTest {

    @ParameterizedTest
    @CsvSource({"informational, 1", "info, 1", "low, 2", "medium, 3", "high, 4"})
    void severitiesAreNumberedAsInOcsf(String name, int number) {
        assertThat(AlertFilter.severityOf(name)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "INFO", "critical"})
    void othersAreRefused(String name) {
        assertThatThrownBy(() -> AlertFilter.severityOf(name)).isInstanceOf(IllegalArgumentException.class);
    }
}
