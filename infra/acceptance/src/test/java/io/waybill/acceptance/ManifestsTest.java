package io.waybill.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests are what the API of Kubernetes takes: every field is known there and of its type. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ManifestsTest {

    static List<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.list(Watching.DEPLOY.resolve("kubernetes"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void a_manifest_is_what_the_API_takes(Path manifest) throws IOException {
        for (JsonNode document : Watching.yamls(manifest)) {
            check(document);
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void whom_a_service_selects_there_is(Path manifest) {
        Set<String> pods = new TreeSet<>();
        Set<String> selected = new TreeSet<>();
        for (JsonNode document : Watching.yamls(manifest)) {
            switch (document.path("kind").asText()) {
                case "Deployment" -> {
                    assertThat(document.at("/spec/template/metadata/labels/app.kubernetes.io~1name"))
                            .isEqualTo(document.at("/spec/selector/matchLabels/app.kubernetes.io~1name"));
                    pods.add(document.at("/spec/template/metadata/labels/app.kubernetes.io~1name")
                            .asText());
                }
                case "Service" ->
                    selected.add(document.at("/spec/selector/app.kubernetes.io~1name")
                            .asText());
                default -> assertThat(document.path("kind").asText()).isEqualTo("PersistentVolumeClaim");
            }
        }
        assertThat(selected).isNotEmpty().isEqualTo(pods);
    }

    @Test
    void a_misspelt_field_would_be_noticed() throws IOException {
        ObjectNode deployment =
                (ObjectNode) Watching.yamls(manifests().getFirst()).getFirst();
        ((ObjectNode) deployment.at("/spec/template/spec")).put("conatiners", 1);

        assertThatThrownBy(() -> check(deployment)).hasMessageContaining("conatiners");
    }

    private static void check(JsonNode document) throws IOException {
        JsonElement json = JsonParser.parseString(document.toString());
        String kind = document.path("apiVersion").asText() + " "
                + document.path("kind").asText();
        Object read = switch (kind) {
            case "apps/v1 Deployment" -> {
                V1Deployment.validateJsonElement(json);
                yield JSON.deserialize(json.toString(), V1Deployment.class);
            }
            case "v1 Service" -> {
                V1Service.validateJsonElement(json);
                yield JSON.deserialize(json.toString(), V1Service.class);
            }
            case "v1 PersistentVolumeClaim" -> {
                V1PersistentVolumeClaim.validateJsonElement(json);
                yield JSON.deserialize(json.toString(), V1PersistentVolumeClaim.class);
            }
            default -> throw new IllegalArgumentException("unknown: " + kind);
        };
        assertThat(read).isNotNull();
    }
}
