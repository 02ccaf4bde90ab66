package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ManagementPortTest {

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = new RunningGateway();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"})
    void health_is_told_without_details(String path) {
        gateway.managementClient()
                .get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("UP")
                .jsonPath("$.components")
                .doesNotExist();
    }

    @Test
    void what_limits_breakers_and_cache_do_can_be_fetched_by_Prometheus() {
        var meters = gateway.managementClient()
                .get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();

        assertThat(meters)
                .contains(
                        "waybill_gateway_limits_alone",
                        "waybill_gateway_admission_under_way",
                        "resilience4j_circuitbreaker_state{");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/orders",
                "/api/admin/processors",
                "/actuator",
                "/actuator/gateway/routes",
                "/actuator/env",
                "/actuator/heapdump",
                "/actuator/shutdown",
            })
    void nothing_else_answers_there(String path) {
        gateway.managementClient()
                .get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("ROUTE_NOT_FOUND");
    }

    @Test
    void it_is_a_port_of_its_own() {
        assertThat(gateway.managementPort()).isNotEqualTo(gateway.port());
    }
}
