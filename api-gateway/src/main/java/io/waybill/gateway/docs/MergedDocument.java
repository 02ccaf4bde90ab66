package io.waybill.gateway.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.security.ApiDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes one document of many. The first is the gateway's and gives its title; what two of them call by the same name
 * has to be the same; what is internal to a context is left out; what the gateway says in front of all of them is
 * added.
 */
final class MergedDocument {

    private MergedDocument() {}

    static ObjectNode of(List<ApiDocument> documents) {
        ObjectNode merged = documents.getFirst().content();
        withoutInternal(merged);
        Set<String> ofGateway = fieldNames(merged.path("paths"));
        for (ApiDocument document : documents.subList(1, documents.size())) {
            ObjectNode part = document.content();
            withoutInternal(part);
            merged.withArrayProperty("tags").addAll(part.withArrayProperty("tags"));
            add(document.name(), part.path("paths"), merged.withObjectProperty("paths"));
            for (Map.Entry<String, JsonNode> kind : part.path("components").properties()) {
                add(
                        document.name(),
                        kind.getValue(),
                        merged.withObjectProperty("components").withObjectProperty(kind.getKey()));
            }
        }
        InFront.addTo(merged, ofGateway);
        return merged;
    }

    private static Set<String> fieldNames(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private static void add(String document, JsonNode from, ObjectNode to) {
        for (Map.Entry<String, JsonNode> member : from.properties()) {
            JsonNode known = to.get(member.getKey());
            if (known != null && !known.equals(member.getValue())) {
                throw new IllegalStateException(
                        "openapi/%s.yaml means something else by %s".formatted(document, member.getKey()));
            }
            to.set(member.getKey(), member.getValue());
        }
    }

    private static void withoutInternal(ObjectNode document) {
        List<String> empty = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            List<String> internal = new ArrayList<>();
            path.getValue().properties().forEach(member -> {
                if (member.getValue().path("x-waybill-internal").asBoolean()) {
                    internal.add(member.getKey());
                }
            });
            ((ObjectNode) path.getValue()).remove(internal);
            if (!internal.isEmpty()) {
                empty.add(path.getKey());
            }
        }
        ((ObjectNode) document.path("paths")).remove(empty);
    }
}
