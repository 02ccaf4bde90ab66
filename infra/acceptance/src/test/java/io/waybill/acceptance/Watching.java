package io.waybill.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code infra/deploy} watches a system with: alert rules and dashboards, and the meters that they ask for. */
final class Watching {

    static final Path DEPLOY = Path.of("").toAbsolutePath().resolve("../deploy").normalize();

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern NO_NAMES = Pattern.compile(
            "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\w|\\s*\\()");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    private Watching() {}

    /** A rule by its name, with all that it says. */
    static Map<String, JsonNode> alerts() {
        var alerts = new TreeMap<String, JsonNode>();
        yaml(DEPLOY.resolve("prometheus/alerts.yml"))
                .path("groups")
                .forEach(group -> group.path("rules")
                        .forEach(rule -> alerts.put(rule.path("alert").asText(), rule)));
        assertThat(alerts).isNotEmpty();
        return alerts;
    }

    static List<JsonNode> dashboards() {
        try (Stream<Path> files = Files.list(DEPLOY.resolve("grafana/dashboards"))) {
            var dashboards = new ArrayList<JsonNode>();
            for (Path file : files.sorted().toList()) {
                dashboards.add(JSON.readTree(file.toFile()));
            }
            assertThat(dashboards).isNotEmpty();
            return dashboards;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which alert or panel asks for which meters. */
    static Map<String, Set<String>> asked() {
        var asked = new TreeMap<String, Set<String>>();
        alerts().forEach((name, rule) -> asked.put(name, names(rule.path("expr").asText())));
        for (JsonNode dashboard : dashboards()) {
            dashboard
                    .path("panels")
                    .forEach(panel -> panel.path("targets")
                            .forEach(target -> asked.computeIfAbsent(
                                            dashboard.path("title").asText() + " / "
                                                    + panel.path("title").asText(),
                                            title -> new TreeSet<>())
                                    .addAll(names(target.path("expr").asText()))));
        }
        return asked;
    }

    /** The names of meters in a query: what is no label, no text, no function and no word of the language. */
    static Set<String> names(String query) {
        var names = new TreeSet<String>();
        var matcher = NAME.matcher(NO_NAMES.matcher(query).replaceAll(" "));
        while (matcher.find()) {
            if (!WORDS.contains(matcher.group())) {
                names.add(matcher.group());
            }
        }
        return names;
    }

    static JsonNode yaml(Path file) {
        try {
            return YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** All documents of a file. */
    static List<JsonNode> yamls(Path file) {
        try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            return values.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
