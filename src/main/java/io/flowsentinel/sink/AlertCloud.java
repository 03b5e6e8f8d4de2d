package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.RecordRef;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The account and region an alert is about, as the key of its first record names them.
 *
 * @param account 12 digits; null where not known
 * @param region null where not known
 */
record AlertCloud(String account, String region) {

    /** AWS's layout of flow log objects, plain or in Hive style; an organization's id may stand before the account. */
    private static final Pattern KEY = Pattern.compile(
            "(?:^|/)(?:aws-account-id=)?(\\d{12})/(?:aws-service=|service=)?vpcflowlogs/(?:aws-region=)?([a-z0-9-]+)/");

    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");

    static AlertCloud of(Alert alert) {
        for (RecordRef ref : alert.records()) {
            Matcher key = KEY.matcher(ref.object());
            if (key.find()) {
                return new AlertCloud(key.group(1), key.group(2));
            }
        }
        // Under connection.scope=account the scope is the account.
        boolean scopeIsAccount =
                alert.scope() != null && ACCOUNT.matcher(alert.scope()).matches();
        return new AlertCloud(scopeIsAccount ? alert.scope() : null, null);
    }

    /** Writes OCSF's {@code cloud}. */
    void write(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("cloud");
        json.writeStringField("provider", "AWS");
        if (account != null) {
            json.writeObjectFieldStart("account");
            json.writeStringField("uid", account);
            json.writeEndObject();
        }
        Ocsf.writeIfKnown(json, "region", region);
        json.writeEndObject();
    }
}
