package io.waybill.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files that watch a system, as far as that can be seen without one. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WatchingTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        max by (a, b) (some_events{c="not_this"}) > 30                       ; some_events
        sum(rate(first_total[5m])) / sum(rate(second_total[5m])) > 2 * 0.001 ; first_total, second_total
        (max(a) > 1) unless on (service) (max by (service) (b) > 0) or c     ; a, b, c
        histogram_quantile(0.5, sum by (le) (rate(x_bucket{y=~"z|w"}[5m])))  ; x_bucket
        """)
    void queries_are_understood(String query, String names) {
        assertThat(Watching.names(query)).containsExactlyInAnyOrder(names.split(", ", -1));
    }

    @Test
    void each_alert_says_how_bad_it_is_and_where_it_is_explained() throws IOException {
        String runbook = Files.readString(Watching.DEPLOY.resolve("../docs/operations.md"));

        assertThat(Watching.alerts()).allSatisfy((name, rule) -> {
            assertThat(rule.path("expr").asText()).isNotBlank();
            assertThat(rule.at("/labels/severity").asText()).isIn("page", "ticket");
            assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
            assertThat(rule.at("/annotations/runbook").asText())
                    .isEqualTo("infra/docs/operations.md#" + name.toLowerCase(Locale.ROOT));
            assertThat(runbook).contains("\n### " + name + "\n");
        });
    }

    @Test
    void each_alert_is_tested_by_promtool() throws IOException {
        String tests = Files.readString(Watching.DEPLOY.resolve("prometheus/alerts-test.yml"));

        assertThat(Watching.alerts().keySet())
                .allSatisfy(name -> assertThat(tests).contains("alertname: " + name + "\n        exp_alerts"));
    }

    @Test
    void dashboards_do_not_get_in_each_others_way() {
        Set<String> seen = new HashSet<>();
        for (JsonNode dashboard : Watching.dashboards()) {
            String title = dashboard.path("title").asText();
            assertThat(seen.add(dashboard.path("uid").asText())).as(title).isTrue();
            Set<Integer> panels = new HashSet<>();
            for (JsonNode panel : dashboard.path("panels")) {
                assertThat(panels.add(panel.path("id").asInt())).as(title).isTrue();
                assertThat(panel.at("/datasource/uid").asText()).isEqualTo("prometheus");
                assertThat(panel.path("targets")).isNotEmpty();
            }
        }
    }

    @Test
    void Kubernetes_gets_every_dashboard_and_every_file_is_there() {
        Set<String> named = new TreeSet<>();
        JsonNode kustomization = Watching.yaml(Watching.DEPLOY.resolve("kustomization.yaml"));
        kustomization.path("resources").forEach(file -> named.add(file.asText()));
        kustomization
                .path("configMapGenerator")
                .forEach(map -> map.path("files").forEach(file -> named.add(file.asText())));

        assertThat(named)
                .allSatisfy(file -> assertThat(Watching.DEPLOY.resolve(file)).isRegularFile());
        assertThat(named.stream().filter(file -> file.startsWith("grafana/dashboards/")))
                .hasSize(Watching.dashboards().size());
    }

    @Test
    void the_composed_system_has_all_its_parts_each_with_a_health_check_and_no_secret() throws IOException {
        Path file = Watching.DEPLOY.resolve("compose.yaml");
        JsonNode services = Watching.yaml(file).path("services");
        assertThat(services.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "order",
                        "payment",
                        "inventory",
                        "shipping",
                        "gateway",
                        "postgres",
                        "rabbitmq",
                        "redis",
                        "jaeger",
                        "prometheus",
                        "grafana");
        services.properties().forEach(service -> {
            assertThat(service.getValue().at("/healthcheck/test"))
                    .as(service.getKey())
                    .isNotEmpty();
            service.getValue()
                    .path("ports")
                    .forEach(port -> assertThat(port.asText()).startsWith("127.0.0.1:"));
        });
        assertThat(Pattern.compile("(?i)pass(word)?: (?!\\$\\{WAYBILL_[A-Z]+_PASSWORD:\\?)")
                        .matcher(Files.readString(file))
                        .find())
                .isFalse();
    }

    @Test
    void Prometheus_fetches_from_every_program_at_its_management_port() {
        Set<String> targets = new TreeSet<>();
        JsonNode job = Watching.yaml(Watching.DEPLOY.resolve("prometheus/prometheus.yml"))
                .at("/scrape_configs/0");
        job.path("dns_sd_configs")
                .forEach(config -> targets.add(config.at("/names/0").asText() + ":"
                        + config.at("/port").asText()));

        assertThat(targets)
                .containsExactly("gateway:8090", "inventory:8093", "order:8091", "payment:8092", "shipping:8094");
        assertThat(job.at("/relabel_configs/0/target_label").asText()).isEqualTo("service");
    }

    @Test
    void nothing_in_Kubernetes_runs_as_root_or_without_limits() throws IOException {
        try (var files = Files.list(Watching.DEPLOY.resolve("kubernetes"))) {
            var deployments = files.flatMap(file -> Watching.yamls(file).stream())
                    .filter(document -> document.path("kind").asText().equals("Deployment"))
                    .toList();
            assertThat(deployments).hasSize(3).allSatisfy(deployment -> {
                JsonNode pod = deployment.at("/spec/template/spec");
                assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
                assertThat(StreamSupport.stream(pod.path("containers").spliterator(), false))
                        .isNotEmpty()
                        .allSatisfy(container -> {
                            assertThat(container.at("/resources/limits/memory").asText())
                                    .isNotEmpty();
                            assertThat(container.at("/readinessProbe").isMissingNode())
                                    .isFalse();
                            assertThat(container.path("image").asText()).contains(":");
                        });
            });
        }
    }
}
