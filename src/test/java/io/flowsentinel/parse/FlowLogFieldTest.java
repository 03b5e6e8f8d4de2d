package io.flowsentinel.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FlowLogFieldTest {

    @ParameterizedTest(name = "version {0}")
    @CsvSource({"2, 14", "3, 21", "4, 25", "5, 29", "7, 39", "8, 40", "9, 41", "10, 42", "11, 54"})
    void everyVpcVersionHasTheFieldsAwsCounts(int version, int fields) {
        long known = Arrays.stream(FlowLogField.values())
                .filter(field -> field.version() <= version && field.version() != 6)
                .count();

        assertThat(known).isEqualTo(fields);
    }

    @ParameterizedTest
    @EnumSource
    void everyFieldIsFoundByBothSpellingsOfItsName(FlowLogField field) {
        assertThat(FlowLogField.named(field.awsName())).isEqualTo(field);
        assertThat(FlowLogField.named(field.awsName().replace('-', '_'))).isEqualTo(field);
        assertThat(field.meaning()).isNotBlank();
    }

    @Test
    void anUnknownNameIsNoField() {
        assertThat(FlowLogField.named("accountid")).isNull();
        assertThat(FlowLogField.named("")).isNull();
    }
}
