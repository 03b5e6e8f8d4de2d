package io.flowsentinel.day;

/**
 * A finding that has to be created.
 *
 * @param rule rule id
 * @param entity the entity's text: {@code field=value}, one space between; of {@code long-connection}, whose entity is
 *     a connection's id, its ends
 * @param outcome the Create's severity, or of one that is held back the reason: {@link #DRY_RUN}, {@link #ALLOWED},
 *     {@link #TRANSLATED} or {@link #MUTED}
 */
record Expected(String rule, String entity, String outcome) {

    static final String DRY_RUN = "dry-run";
    static final String ALLOWED = "allowed";
    static final String TRANSLATED = "translated";
    static final String MUTED = "muted";

    static Expected high(String rule, String entity) {
        return new Expected(rule, entity, "High");
    }

    static Expected medium(String rule, String entity) {
        return new Expected(rule, entity, "Medium");
    }

    static Expected low(String rule, String entity) {
        return new Expected(rule, entity, "Low");
    }

    static Expected informational(String rule, String entity) {
        return new Expected(rule, entity, "Informational");
    }

    static Expected heldBack(String rule, String entity, String reason) {
        return new Expected(rule, entity, reason);
    }

    boolean isHeldBack() {
        return Character.isLowerCase(outcome.charAt(0));
    }
}
