package io.waybill.gateway.docs;

import io.waybill.gateway.RunningGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DocumentsTest {

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
    @CsvSource({
        "/docs, text/html, items=0-5",
        "/docs/page.js, text/javascript, items=0-5",
        "/docs/page.js, text/javascript, bytes=5-1",
        "/docs/swagger-ui.css, text/css, bytes=0-1",
    })
    void a_part_of_the_page_is_always_whole(String path, String type, String range) {
        gateway.client()
                .get()
                .uri(path)
                .header("Range", range)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentTypeCompatibleWith(type)
                .expectBody()
                .returnResult();
    }
}
