package io.flowsentinel.sample;

import java.util.List;
import java.util.Map;

/** What the rules find in the sample of the repository: these and nothing else. */
public final class ExpectedFindings {

    /**
     * One finding.
     *
     * @param rule rule id
     * @param severity lower case
     * @param entity what its entity names, by field
     */
    public record Expected(String rule, String severity, Map<String, String> entity) {}

    public static final List<Expected> IN_REPOSITORY_SAMPLE = List.of(
            new Expected("port-scan", "medium", Map.of("originator", PortScan.SCANNER, "responder", "10.20.0.40")),
            new Expected("host-sweep", "high", Map.of("originator", "10.20.10.23", "port", "445")),
            new Expected("exposed-admin-service", "high", Map.of("responder", "10.20.1.50", "port", "22")),
            new Expected(
                    "nacl-reply-drop",
                    "low",
                    Map.of("interface", "eni-00c943e0cb777f0e5", "port", "8443", "protocol", "6")));

    private ExpectedFindings() {}
}
