package io.flowsentinel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Keeps the packages a line: nouns know nobody, stages are strangers, only the topology introduces them. */
@AnalyzeClasses(packages = "io.flowsentinel", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule nounsKnowOnlyTheJdk = classes()
            .that()
            .resideInAPackage("io.flowsentinel.model..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.flowsentinel.model..");

    @ArchTest
    static final ArchRule stagesAreStrangers = slices().matching(
                    "io.flowsentinel.(source|parse|lifecycle|detect|sink)..")
            .should()
            .notDependOnEachOther();

    /** The source knows where objects are found and how lines are made of them; neither knows the source. */
    @ArchTest
    static final ArchRule discoveryAndLinesStandAlone = noClasses()
            .that()
            .resideInAnyPackage("io.flowsentinel.source.discovery..", "io.flowsentinel.source.lines..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.flowsentinel.source");

    /** Each package of detection knows those before it in the line, and none behind it. */
    @ArchTest
    static final ArchRule detectionIsALine = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.flowsentinel.detect..")
            .layer("settings")
            .definedBy("io.flowsentinel.detect.settings")
            .layer("judging")
            .definedBy("io.flowsentinel.detect.judging")
            .layer("rules")
            .definedBy("io.flowsentinel.detect.rule")
            .layer("operators")
            .definedBy("io.flowsentinel.detect")
            .whereLayer("settings")
            .mayNotAccessAnyLayer()
            .whereLayer("judging")
            .mayOnlyAccessLayers("settings")
            .whereLayer("rules")
            .mayOnlyAccessLayers("settings", "judging");

    @ArchTest
    static final ArchRule stagesTakePlainValuesNotTheConfig = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.flowsentinel.source..",
                    "io.flowsentinel.parse..",
                    "io.flowsentinel.lifecycle..",
                    "io.flowsentinel.detect..",
                    "io.flowsentinel.sink..",
                    "io.flowsentinel.serde..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.flowsentinel.config..", "io.flowsentinel.local..", "io.flowsentinel");

    @ArchTest
    static final ArchRule decisionsHaveNoClock = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.flowsentinel.model..",
                    "io.flowsentinel.parse..",
                    "io.flowsentinel.lifecycle..",
                    "io.flowsentinel.detect..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID")
            .orShould()
            .callMethod(Math.class, "random");
}
