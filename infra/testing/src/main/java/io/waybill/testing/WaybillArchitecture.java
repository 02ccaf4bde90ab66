package io.waybill.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.implement;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/**
 * The architecture every context keeps. A service holds itself to it with
 *
 * <pre>{@code
 * @AnalyzeClasses(packages = "io.waybill.order", importOptions = ImportOption.DoNotIncludeTests.class)
 * class OrderArchitectureTest {
 *     @ArchTest
 *     static final ArchTests architecture = ArchTests.in(WaybillArchitecture.class);
 * }
 * }</pre>
 */
public final class WaybillArchitecture {

    private static final String CONFIGURATION = "org.springframework.context.annotation.Configuration";
    private static final Set<String> CLASS_LOADING = Set.of("forName", "loadClass", "findClass", "resolveClassName");
    private static final Set<String> CLASS_LOADERS = Set.of(
            "java.lang.Class",
            "java.lang.ClassLoader",
            "java.lang.invoke.MethodHandles$Lookup",
            "org.springframework.util.ClassUtils");
    private static final Set<String> DRAWN_OR_READ = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Math.random",
            "java.time.Clock.system",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.InstantSource.system",
            "java.util.Date.<init>",
            "java.util.UUID.randomUUID",
            "java.util.Random.<init>",
            "java.util.SplittableRandom.<init>",
            "java.security.SecureRandom.<init>",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.util.random.RandomGenerator.getDefault",
            "java.util.random.RandomGenerator.of",
            "org.axonframework.common.IdentifierFactory.getInstance");

    @ArchTest
    public static final ArchRule only_the_application_is_public = classes()
            .that()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .and(resideOutsideOfPackages("..api.."))
            // Axon makes sagas through their public constructor; ports have their adapters in other packages; a
            // context's
            // codes are one family for all packages.
            .and()
            .areNotAnnotatedWith("org.axonframework.spring.stereotype.Saga")
            .and()
            .areNotInterfaces()
            .and(not(implement("io.waybill.messaging.RejectionCode")))
            .should()
            .haveSimpleNameEndingWith("Application")
            .because("a service is used through its messages and its HTTP surface only")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule packages_have_no_cycles =
            slices().matching("io.waybill.(**)").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    public static final ArchRule nobody_uses_xstream = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.thoughtworks.xstream..", "org.axonframework.serialization.xml..")
            .because("what XStream reads decides which classes are loaded");

    @ArchTest
    public static final ArchRule no_class_is_loaded_by_its_name = noClasses()
            .should()
            .accessTargetWhere(describe("loads a class by its name", WaybillArchitecture::loadsAClass))
            .because("types from outside are looked up in a closed registry");

    @ArchTest
    public static final ArchRule time_and_chance_come_from_outside = noClasses()
            .that(describe("decide (neither web nor configuration)", WaybillArchitecture::decides))
            .should()
            .accessTargetWhere(describe("reads the clock or draws at random", WaybillArchitecture::readsClockOrDraws))
            .because("a decision that is made again must come out the same")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule projections_only_project = noClasses()
            .that()
            .haveSimpleNameEndingWith("Projection")
            .should()
            .dependOnClassesThat(dispatchesOrCallsOut())
            .because("a replay sends no command, calls no partner and mails nobody")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule messages_hold_no_floating_point = fields().that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage("..api..", "io.waybill.kernel..")
            .should(haveNoFloatingPointType())
            .because("money and amounts are exact")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule nothing_is_injected_into_fields = noFields()
            .should()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
            .orShould()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
            .orShould()
            .beAnnotatedWith("jakarta.inject.Inject")
            .orShould()
            .beAnnotatedWith("jakarta.annotation.Resource")
            .because("what a class needs stands in its constructor or in its handler's parameters")
            .allowEmptyShould(true);

    private WaybillArchitecture() {}

    private static boolean loadsAClass(JavaAccess<?> access) {
        return CLASS_LOADING.contains(access.getName())
                && CLASS_LOADERS.stream().anyMatch(access.getTargetOwner()::isAssignableTo);
    }

    private static boolean decides(JavaClass type) {
        boolean web = Set.of(type.getPackageName().split("\\.", -1)).contains("web");
        return !web && !isConfiguration(type);
    }

    private static boolean isConfiguration(JavaClass type) {
        return type.isAnnotatedWith(CONFIGURATION)
                || type.isMetaAnnotatedWith(CONFIGURATION)
                || type.getEnclosingClass()
                        .filter(WaybillArchitecture::isConfiguration)
                        .isPresent();
    }

    private static boolean readsClockOrDraws(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        return DRAWN_OR_READ.contains(owner + "." + access.getName()) || readsSystemClock(owner, access);
    }

    /** {@code now()} and {@code now(zone)} read the system's clock, {@code now(clock)} the one it is given. */
    private static boolean readsSystemClock(String owner, JavaAccess<?> access) {
        return owner.startsWith("java.time.")
                && access.getName().equals("now")
                && !access.getTarget().getFullName().contains("java.time.Clock");
    }

    private static DescribedPredicate<JavaClass> dispatchesOrCallsOut() {
        return JavaClass.Predicates.resideInAnyPackage(
                        "org.axonframework.commandhandling..",
                        "java.net..",
                        "org.springframework.mail..",
                        "org.springframework.amqp..",
                        "org.springframework.web.client..")
                .or(JavaClass.Predicates.assignableTo("io.waybill.messaging.Commands"))
                .as("dispatch commands or call out");
    }

    private static ArchCondition<JavaField> haveNoFloatingPointType() {
        Set<String> floating = Set.of("double", "float", "java.lang.Double", "java.lang.Float");
        return new ArchCondition<>("have no floating point type") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                boolean inexact = field.getType().getAllInvolvedRawTypes().stream()
                        .map(JavaClass::getName)
                        .anyMatch(floating::contains);
                events.add(new SimpleConditionEvent(field, !inexact, field.getDescription()));
            }
        };
    }
}
