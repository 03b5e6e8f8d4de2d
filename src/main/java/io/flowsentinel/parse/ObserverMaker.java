package io.flowsentinel.parse;

import io.flowsentinel.model.Observer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the observer from the fields that tell which interface logged a line, and where it stands. */
final class ObserverMaker {

    /** The interface of a line that names none: nothing it logged can be counted once. */
    static final String NO_INTERFACE = "-";

    private static final List<FlowLogField> VPC_FIELDS = List.of(
            FlowLogField.INTERFACE_ID,
            FlowLogField.RESOURCE_ID,
            FlowLogField.ACCOUNT_ID,
            FlowLogField.REGION,
            FlowLogField.AZ_ID,
            FlowLogField.VPC_ID,
            FlowLogField.SUBNET_ID,
            FlowLogField.INSTANCE_ID,
            FlowLogField.INTERFACE_TYPE,
            FlowLogField.INSTANCE_TAG,
            FlowLogField.ASG_TAG);
    private static final List<FlowLogField> TRANSIT_GATEWAY_FIELDS =
            List.of(FlowLogField.TGW_ATTACHMENT_ID, FlowLogField.TGW_ID, FlowLogField.ACCOUNT_ID, FlowLogField.REGION);
    private static final int VPC_KIND = 0;
    private static final int TRANSIT_GATEWAY_KIND = 1;
    private static final int MAX_SHARED = 64 * 1024;

    private final Scope scope;
    private final Map<Observer, Observer> shared = new HashMap<>();

    ObserverMaker(Scope scope) {
        this.scope = scope;
    }

    /** The columns of a format that decide the observer. */
    static ColumnGroup columns(FlowLogFormat format) {
        return format.transitGateway()
                ? ColumnGroup.of(TRANSIT_GATEWAY_KIND, TRANSIT_GATEWAY_FIELDS, format)
                : ColumnGroup.of(VPC_KIND, VPC_FIELDS, format);
    }

    /** Whether a line names the interface, so that its observer's is not {@link #NO_INTERFACE}. */
    static boolean namesInterface(Tokens tokens, FlowLogFormat format) {
        return format.transitGateway()
                ? has(FlowLogField.TGW_ATTACHMENT_ID, tokens, format)
                : has(FlowLogField.INTERFACE_ID, tokens, format) || has(FlowLogField.RESOURCE_ID, tokens, format);
    }

    private static boolean has(FlowLogField field, Tokens tokens, FlowLogFormat format) {
        int column = format.column(field);
        return column != FlowLogFormat.NO_COLUMN && !tokens.absent(column);
    }

    Observer make(Tokens tokens, FlowLogFormat format) {
        Fields fields = new Fields(tokens, format);
        return share(format.transitGateway() ? attachment(fields) : networkInterface(fields));
    }

    private Observer networkInterface(Fields fields) {
        String accountId = fields.text(FlowLogField.ACCOUNT_ID);
        String vpcId = fields.text(FlowLogField.VPC_ID);
        String subnetId = fields.text(FlowLogField.SUBNET_ID);
        return new Observer(
                scope.text(vpcId, accountId),
                orElse(
                        fields.text(FlowLogField.INTERFACE_ID),
                        orElse(fields.text(FlowLogField.RESOURCE_ID), NO_INTERFACE)),
                accountId,
                fields.text(FlowLogField.REGION),
                fields.text(FlowLogField.AZ_ID),
                vpcId,
                subnetId,
                fields.text(FlowLogField.INSTANCE_ID),
                fields.text(FlowLogField.INTERFACE_TYPE),
                orElse(fields.tag(FlowLogField.INSTANCE_TAG), orElse(fields.tag(FlowLogField.ASG_TAG), subnetId)));
    }

    /** A transit gateway keeps its own scope, whatever is configured: its VPCs are those of the key's other side. */
    private static Observer attachment(Fields fields) {
        return new Observer(
                orElse(fields.text(FlowLogField.TGW_ID), Scope.NONE),
                orElse(fields.text(FlowLogField.TGW_ATTACHMENT_ID), NO_INTERFACE),
                fields.text(FlowLogField.ACCOUNT_ID),
                fields.text(FlowLogField.REGION),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static String orElse(String text, String otherwise) {
        return text != null ? text : otherwise;
    }

    /** One instance of equal observers, also of those that formats spell differently. */
    private Observer share(Observer observer) {
        if (shared.size() >= MAX_SHARED) {
            shared.clear();
        }
        Observer former = shared.putIfAbsent(observer, observer);
        return former != null ? former : observer;
    }

    /** The texts of one line by field. */
    private record Fields(Tokens tokens, FlowLogFormat format) {

        String text(FlowLogField field) {
            return tokens.textOrNull(format.column(field));
        }

        String tag(FlowLogField field) {
            String encoded = text(field);
            return encoded == null ? null : PercentText.decode(encoded);
        }
    }
}
