package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.QuarantinedLine;
import java.io.IOException;

/** A line that could not be understood, as a row of the quarantine feed. */
final class QuarantineRow extends JsonEncoder<QuarantinedLine> {

    @Override
    String keyText(QuarantinedLine row) {
        return row.object();
    }

    @Override
    void write(QuarantinedLine row, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("object", row.object());
        json.writeNumberField("line_number", row.lineNumber());
        RawText.write(json, "line", row.line());
        json.writeStringField("reason", row.reason());
        json.writeNumberField("time", row.timeMillis());
        json.writeEndObject();
    }
}
