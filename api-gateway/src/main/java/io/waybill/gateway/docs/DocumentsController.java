package io.waybill.gateway.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.gateway.BrowserPolicy;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.RefusedRequest;
import io.waybill.gateway.identity.ApiDocuments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/** Serves the merged document, and Swagger UI to browse it, from here alone: the page loads nothing from elsewhere. */
@RestController
final class DocumentsController {

    /** Scripts and styles of our own origin; the page's library sets inline styles and draws icons from data. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final int BUFFER = 16 * 1024;

    private static final Duration FRESH = Duration.ofMinutes(10);

    private static final String VERSION = version();

    private record Part(MediaType type, Resource content) {}

    private static final Map<String, Part> PARTS = Map.of(
            "page.js", new Part(MediaType.valueOf("text/javascript"), new ClassPathResource("docs/page.js")),
            "swagger-ui.css", new Part(MediaType.valueOf("text/css"), webjar("swagger-ui.css")),
            "swagger-ui-bundle.js", new Part(MediaType.valueOf("text/javascript"), webjar("swagger-ui-bundle.js")));

    private final byte[] document;

    DocumentsController(ApiDocuments documents, ObjectMapper json) throws JsonProcessingException {
        this.document = json.writeValueAsBytes(MergedDocument.of(documents.all()));
    }

    @GetMapping("/openapi.json")
    ResponseEntity<byte[]> document() {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noCache())
                .body(document);
    }

    @GetMapping("/docs")
    ResponseEntity<Flux<DataBuffer>> page(ServerWebExchange exchange) {
        BrowserPolicy.allow(exchange, POLICY);
        return ResponseEntity.ok()
                .contentType(MediaType.TEXT_HTML)
                .cacheControl(CacheControl.noCache())
                .body(whole(new ClassPathResource("docs/page.html"), exchange));
    }

    @GetMapping("/docs/{file}")
    ResponseEntity<Flux<DataBuffer>> part(@PathVariable String file, ServerWebExchange exchange) {
        var part = PARTS.get(file);
        if (part == null) {
            throw new RefusedRequest(ProblemCode.ROUTE_NOT_FOUND);
        }
        return ResponseEntity.ok()
                .contentType(part.type())
                .cacheControl(CacheControl.maxAge(FRESH).cachePublic())
                .body(whole(part.content(), exchange));
    }

    /** Spring would answer ranges of a resource, and refuse bad ones without a document; nobody needs them here. */
    private static Flux<DataBuffer> whole(Resource content, ServerWebExchange exchange) {
        return DataBufferUtils.read(content, exchange.getResponse().bufferFactory(), BUFFER);
    }

    private static Resource webjar(String file) {
        return new ClassPathResource("META-INF/resources/webjars/swagger-ui/" + VERSION + "/" + file);
    }

    /** The webjar has its version in its paths, and says which it is. */
    private static String version() {
        try {
            return PropertiesLoaderUtils.loadAllProperties("META-INF/maven/org.webjars/swagger-ui/pom.properties")
                    .getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("Swagger UI is not on the class path", e);
        }
    }
}
