package io.waybill.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.gateway.limits.Policy.Rule;
import io.waybill.gateway.limits.Policy.Subject;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PoliciesTest {

    private final ApplicationContextRunner shipped = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withSystemProperties("spring.config.name=gateway")
            .withUserConfiguration(Settings.class)
            .withBean(Policies.class);

    @ParameterizedTest
    @CsvSource({
        "POST, /api/users/register, register",
        "POST, /api/users/login, login",
        "POST, /api/orders, ordering",
        "POST, /api/orders/ord_1/cancellation, ordering",
        "GET, /api/orders, reading",
        "HEAD, /api/products, reading",
        "GET, /api/orders/ord_1/updates, reading",
        "GET, /api/admin/processors, administration",
        "DELETE, /api/admin/order/parked-events/1, administration",
        "PUT, /api/products/MUG, other",
        "GET, /what/will/ever/be, reading",
        "PROPFIND, /what/will/ever/be, other",
    })
    void every_request_has_one_policy(String method, String path, String policy) {
        shipped.run(context -> assertThat(context.getBean(Policies.class)
                        .of(HttpMethod.valueOf(method), PathContainer.parsePath(path))
                        .name())
                .isEqualTo(policy));
    }

    @Test
    void what_holds_for_get_holds_for_head() {
        shipped.withPropertyValues(
                        "waybill.gateway.limits.policies.browsing.quota=1",
                        "waybill.gateway.limits.policies.browsing.refill=1",
                        "waybill.gateway.limits.policies.browsing.routes=GET /api/products")
                .run(context -> assertThat(context.getBean(Policies.class)
                                .of(HttpMethod.HEAD, PathContainer.parsePath("/api/products"))
                                .name())
                        .isEqualTo("browsing"));
    }

    @Test
    void registering_and_logging_in_are_counted_by_address_in_any_minute() {
        shipped.run(context -> {
            var policies = context.getBean(LimitSettings.class).toPolicies();
            assertThat(policies)
                    .filteredOn(policy -> policy.subject() == Subject.ADDRESS)
                    .allSatisfy(policy -> assertThat(policy.rule()).isEqualTo(new Rule.SlidingWindow(60_000_000)))
                    .extracting(Policy::name, Policy::quota)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple("register", 5),
                            org.assertj.core.groups.Tuple.tuple("login", 10));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "policies.other.routes=GET /api/unimportant",
                "policies.reading.quota=0",
                "policies.reading.refill=0",
                "policies.reading.per=0s",
                "policies.reading.routes=everything",
                "policies.login.refill=1",
                "policies.Odd.quota=1",
                "gateways=0",
                "patience=0s",
            })
    void a_setting_that_makes_no_sense_stops_the_start(String setting) {
        shipped.withPropertyValues("waybill.gateway.limits." + setting)
                .run(context -> assertThat(context).hasFailed());
    }

    @EnableConfigurationProperties(LimitSettings.class)
    static class Settings {}
}
