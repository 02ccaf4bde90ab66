package io.waybill.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProductTagsTest {

    private final ProductTags tags = new ProductTags();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/products",
                "/api/products?limit=1",
                "/api/products?limit=20",
                "/api/products?limit=100",
                "/api/products/MUG-ENAMEL",
                "/test/1?any=thing&at=all"
            })
    void worth_keeping_is_one_target_of_each(String target) {
        assertThat(tags.isWorthKeeping(request(target))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/products?",
                "/api/products?junk=1",
                "/api/products?limit=20&junk=1",
                "/api/products?limit=20&limit=20",
                "/api/products?limit=020",
                "/api/products?limit=%32",
                "/api/products?limit=0",
                "/api/products?limit=101",
                "/api/products?cursor=TVVH",
                "/api/products?limit=20&cursor=TVVH",
                "/api/%70roducts",
                "/api/products/MUG-ENAMEL?",
                "/api/products/MUG-ENAMEL?junk=1",
                "/api/products/MUG-ENAMEL?limit=1",
                "/api/products/%4DUG-ENAMEL"
            })
    void what_anybody_can_make_up_is_not(String target) {
        assertThat(tags.isWorthKeeping(request(target))).isFalse();
    }

    private static CacheRequest request(String target) {
        return new CacheRequest("GET", URI.create("http://localhost" + target), new HeaderLines(List.of()));
    }
}
