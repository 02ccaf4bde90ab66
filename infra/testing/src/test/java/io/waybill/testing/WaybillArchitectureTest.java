package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import io.waybill.kernel.Money;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WaybillArchitectureTest {

    @Test
    void only_the_application_is_public() {
        ArchRule rule = WaybillArchitecture.only_the_application_is_public;

        assertThat(offences(rule, "visible")).singleElement().asString().contains("visible.Exposed");
        assertThat(offences(rule, "hidden")).isEmpty();
        assertThat(offences(rule, "pay")).as("messages are public").isEmpty();
    }

    @Test
    void packages_have_no_cycles() {
        assertThat(offences(WaybillArchitecture.packages_have_no_cycles, "cycle"))
                .isNotEmpty();
        assertThat(offences(WaybillArchitecture.packages_have_no_cycles, "hidden"))
                .isEmpty();
    }

    @Test
    void nobody_uses_xstream() {
        assertThat(offences(WaybillArchitecture.nobody_uses_xstream, "xstream"))
                .isNotEmpty()
                .allSatisfy(offence -> assertThat(offence).contains("xstream.Converts"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LoadsByName", "LoadsByLoader", "LoadsThroughSpring"})
    void no_class_is_loaded_by_its_name(String offender) {
        assertThat(offences(WaybillArchitecture.no_class_is_loaded_by_its_name, "loading"))
                .anySatisfy(offence -> assertThat(offence).contains("loading." + offender + "."));
    }

    @Test
    void a_class_from_a_closed_registry_is_fine() {
        assertThat(offences(WaybillArchitecture.no_class_is_loaded_by_its_name, "loading"))
                .hasSize(3)
                .noneSatisfy(offence -> assertThat(offence).contains("LooksUp"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ReadsInstant",
                "ReadsDate",
                "ReadsZone",
                "ReadsMillis",
                "ReadsSystemClock",
                "RefersToNow",
                "DrawsUuid",
                "DrawsRandom",
                "DrawsThreadLocal",
                "DrawsMath"
            })
    void time_and_chance_come_from_outside(String offender) {
        assertThat(offences(WaybillArchitecture.time_and_chance_come_from_outside, "deciding"))
                .anySatisfy(offence -> assertThat(offence).contains("deciding." + offender + "."));
    }

    @Test
    void time_that_was_handed_in_is_fine_and_so_are_web_and_configuration() {
        ArchRule rule = WaybillArchitecture.time_and_chance_come_from_outside;

        assertThat(offences(rule, "deciding"))
                .noneSatisfy(offence -> assertThat(offence).contains("TakesTheClock"));
        assertThat(offences(rule, "web")).isEmpty();
        assertThat(offences(rule, "configuration")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SendingProjection", "DispatchingProjection", "CallingProjection"})
    void projections_only_project(String offender) {
        assertThat(offences(WaybillArchitecture.projections_only_project, "projecting"))
                .anySatisfy(offence -> assertThat(offence).contains("projecting." + offender + "."));
    }

    @Test
    void a_projection_that_only_writes_its_rows_is_fine() {
        assertThat(offences(WaybillArchitecture.projections_only_project, "projecting"))
                .noneSatisfy(offence -> assertThat(offence).contains("QuietProjection"));
    }

    @Test
    void messages_hold_no_floating_point() {
        assertThat(offences(WaybillArchitecture.messages_hold_no_floating_point, "pay"))
                .hasSize(2)
                .allSatisfy(offence -> assertThat(offence).contains("api.Inexact."));
    }

    @Test
    void nothing_is_injected_into_fields() {
        assertThat(offences(WaybillArchitecture.nothing_is_injected_into_fields, "injecting"))
                .singleElement()
                .asString()
                .contains("injecting.Injected.setting");
        assertThat(offences(WaybillArchitecture.nothing_is_injected_into_fields, "hidden"))
                .isEmpty();
    }

    @Test
    void the_kernel_keeps_the_architecture() {
        JavaClasses kernel = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(Money.class.getPackageName());

        assertThat(kernel).isNotEmpty();
        for (ArchRule rule : List.of(
                WaybillArchitecture.messages_hold_no_floating_point,
                WaybillArchitecture.time_and_chance_come_from_outside,
                WaybillArchitecture.no_class_is_loaded_by_its_name,
                WaybillArchitecture.packages_have_no_cycles)) {
            rule.check(kernel);
        }
    }

    private static List<String> offences(ArchRule rule, String sample) {
        JavaClasses classes = new ClassFileImporter().importPackages("io.waybill.testing.samples." + sample);
        assertThat(classes).as("classes of the sample " + sample).isNotEmpty();
        EvaluationResult result = rule.evaluate(classes);
        return result.getFailureReport().getDetails();
    }
}
