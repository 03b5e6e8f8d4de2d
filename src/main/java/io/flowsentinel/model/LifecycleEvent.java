package io.flowsentinel.model;

/**
 * What following connections gives, in one order: a change of rules stands between what the old ones judge and what the
 * new ones do.
 */
public sealed interface LifecycleEvent permits Connection, FoldedRecord, RulesChange {}
