package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DocumentationTest {

    @Test
    void what_the_documents_speak_of_is_there() {
        Path root = Documentation.repositoryRoot();

        assertThat(Documentation.brokenReferences(root)).isEmpty();
    }
}
