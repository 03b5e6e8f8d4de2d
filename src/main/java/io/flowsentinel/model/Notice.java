package io.flowsentinel.model;

/** What every subtask has to know, whatever its keys are. */
public sealed interface Notice permits CoverageRecord, RulesChange {}
