package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DocumentationCheckerTest {

    @TempDir
    Path root;

    @BeforeEach
    void aSmallTree() throws IOException {
        write("README.md", "# Waybill");
        write("infra/run", "#!/bin/sh");
        write("infra/docs/glossary.md", "# Glossary");
        write("infra/docs/adr/0001-one-stream.md", "# One stream");
        write("order-context/service/src/main/java/io/waybill/order/fulfilment/OrderFulfilment.java", "");
        write("infra/kernel/target/classes/Stale.java", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[glossary](infra/docs/glossary.md)",
                "[a word](infra/docs/glossary.md#saga \"title\")",
                "[elsewhere](https://example.org/none.md) or [by mail](mailto:a@example.org) or [below](#below)",
                "`infra/run` and `./infra/run --demo --data /tmp/x`",
                "`infra/docs/` and `order-context/service`",
                "`OrderFulfilment.java`",
                "`http://localhost:8080/keys.json` or `https://example.org/a/keys.json`",
                "`GET /api/orders/{id}` answers `application/problem+json`",
                "`infra/standalone/target/standalone.jar`",
                "`~/.waybill/log`, `infra/docs/adr/NNNN-….md`, `*-context/api`",
                "```sh\ninfra/run --port 8081\ncurl localhost:8080/api/orders\n```",
                "```json\n{\"path\": \"infra/nowhere\"}\n```"
            })
    void what_is_there_may_be_spoken_of(String text) throws IOException {
        write("README.md", text);

        assertThat(Documentation.brokenReferences(root)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[glossary](infra/docs/glosary.md)",
                "![picture](infra/docs/none.png)",
                "`infra/runs --demo`",
                "`mvn -pl infra/kernels test`",
                "`order-context/services/`",
                "`Fulfilment.java`",
                "`Stale.java`",
                "`somewhere/Else.java`",
                "```sh\ninfra/start\n```"
            })
    void what_is_not_there_is_told(String text) throws IOException {
        write("README.md", text);

        assertThat(Documentation.brokenReferences(root))
                .singleElement()
                .asString()
                .startsWith("README.md speaks of ")
                .endsWith(", which is not there");
    }

    @Test
    void a_document_links_from_its_own_folder_and_may_write_paths_from_the_root() throws IOException {
        write("infra/docs/adr/0002-more.md", "[first](0001-one-stream.md) [README](../../../README.md) `infra/run`");
        assertThat(Documentation.brokenReferences(root)).isEmpty();

        write("infra/docs/adr/0002-more.md", "[first](infra/docs/adr/0001-one-stream.md)");
        assertThat(Documentation.brokenReferences(root))
                .containsExactly("infra/docs/adr/0002-more.md speaks of infra/docs/adr/0001-one-stream.md,"
                        + " which is not there");
    }

    @Test
    void a_missing_readme_is_told() throws IOException {
        Files.delete(root.resolve("README.md"));

        assertThat(Documentation.brokenReferences(root))
                .containsExactly("README.md is missing: it is the first thing everyone reads");
    }

    @Test
    void the_repositorys_root_is_found_from_the_module() {
        assertThat(Documentation.repositoryRoot().resolve("infra/kernel/pom.xml"))
                .exists();
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
