package io.flowsentinel.serde;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.model.LateRecord;
import io.flowsentinel.model.LifecycleEvent;
import io.flowsentinel.model.Notice;
import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.model.QuarantinedLine;
import io.flowsentinel.model.RulesChange;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** The type information of every noun that crosses an edge. */
public final class Nouns {

    public static final TypeInformation<ParsedLine> PARSED_LINE =
            new NounType<>(ParsedLine.class, ParsedLineSerializer::new);
    public static final TypeInformation<FlowRecord> FLOW_RECORD =
            new NounType<>(FlowRecord.class, FlowRecordSerializer::new);
    public static final TypeInformation<FoldedRecord> FOLDED_RECORD =
            new NounType<>(FoldedRecord.class, FoldedRecordSerializer::new);
    public static final TypeInformation<CoverageRecord> COVERAGE_RECORD =
            new NounType<>(CoverageRecord.class, CoverageRecordSerializer::new);
    public static final TypeInformation<QuarantinedLine> QUARANTINED_LINE =
            new NounType<>(QuarantinedLine.class, QuarantinedLineSerializer::new);
    public static final TypeInformation<LateRecord> LATE_RECORD =
            new NounType<>(LateRecord.class, LateRecordSerializer::new);
    public static final TypeInformation<Connection> CONNECTION =
            new NounType<>(Connection.class, ConnectionSerializer::new);
    public static final TypeInformation<LifecycleEvent> LIFECYCLE_EVENT =
            new NounType<>(LifecycleEvent.class, LifecycleEventSerializer::new);
    public static final TypeInformation<RulesChange> RULES_CHANGE =
            new NounType<>(RulesChange.class, RulesChangeSerializer::new);
    public static final TypeInformation<Notice> NOTICE = new NounType<>(Notice.class, NoticeSerializer::new);
    public static final TypeInformation<Alert> ALERT = new NounType<>(Alert.class, AlertSerializer::new);
    public static final TypeInformation<Accounts> ACCOUNTS = new NounType<>(Accounts.class, AccountsSerializer::new);

    private Nouns() {}
}
