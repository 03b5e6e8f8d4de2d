package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.LateRecord;
import java.io.IOException;

/** A record that came too late to be folded, as a row of the late feed. */
final class LateRow extends JsonEncoder<LateRecord> {

    @Override
    String keyText(LateRecord row) {
        return row.ref().object();
    }

    @Override
    void write(LateRecord row, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("object", row.ref().object());
        json.writeNumberField("line_number", row.ref().line());
        RawText.write(json, "record", row.line());
        json.writeNumberField("late_by_ms", row.lateByMillis());
        json.writeEndObject();
    }
}
