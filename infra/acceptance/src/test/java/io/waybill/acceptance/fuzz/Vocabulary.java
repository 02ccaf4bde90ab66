package io.waybill.acceptance.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** What a system has said: values that mean something to it, by the names of their fields. */
final class Vocabulary {

    private static final int MANY = 200;

    private final Map<String, List<String>> byField = new TreeMap<>();
    private final Map<Grammar.Parameter, List<String>> byParameter = new ConcurrentHashMap<>();

    /** Learns all texts below a node. */
    void learn(JsonNode node) {
        node.properties().forEach(member -> learn(member.getKey(), member.getValue()));
        if (node.isArray()) {
            node.forEach(this::learn);
        }
    }

    private void learn(String field, String value) {
        byParameter.clear();
        var values = byField.computeIfAbsent(field.toLowerCase(Locale.ROOT), name -> new ArrayList<>());
        if (values.size() < MANY && !values.contains(value)) {
            values.add(value);
        }
    }

    private void learn(String field, JsonNode value) {
        if (value.isTextual()) {
            learn(field, value.asText());
        } else {
            learn(value);
        }
    }

    /** A value that may do for a parameter: of its form, else of a field that ends in its name, else its example. */
    String valueFor(Grammar.Parameter parameter, RandomGenerator random) {
        JsonNode schema = parameter.schema();
        if (schema.has("enum")) {
            return schema.path("enum")
                    .get(random.nextInt(schema.path("enum").size()))
                    .asText();
        }
        if (schema.path("type").asText().equals("integer")) {
            return Integer.toString(random.nextInt(
                    schema.path("minimum").asInt(0), schema.path("maximum").asInt(1_000) + 1));
        }
        List<String> known = byParameter.computeIfAbsent(parameter, this::valuesFor);
        if (known.isEmpty() || random.nextInt(10) == 0) {
            return parameter.example().orElse("x");
        }
        return Odd.one(known, random);
    }

    private List<String> valuesFor(Grammar.Parameter parameter) {
        String name = parameter.name().toLowerCase(Locale.ROOT);
        var form = Pattern.compile(parameter.schema().path("pattern").asText());
        List<String> ofItsForm = byField.values().stream()
                .flatMap(List::stream)
                .filter(form.asPredicate())
                .toList();
        List<String> ofItsName = byField.entrySet().stream()
                .filter(field -> field.getKey().endsWith(name))
                .flatMap(field -> field.getValue().stream())
                .filter(form.asPredicate())
                .toList();
        return ofItsName.isEmpty() && parameter.schema().has("pattern") ? ofItsForm : ofItsName;
    }
}
