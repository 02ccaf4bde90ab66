package io.waybill.inventory.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.inventory.api.ListProduct;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SampleCatalogueTest {

    @Test
    void has_a_dozen_different_products_with_at_most_a_thousand_pieces_each() {
        assertThat(SampleCatalogue.PRODUCTS)
                .hasSize(12)
                .allSatisfy(product -> {
                    assertThat(product.delivered().value()).isLessThanOrEqualTo(1000);
                    assertThat(product.price().isPositive()).isTrue();
                    assertThat(product.price().currency()).isEqualTo("EUR");
                    assertThat(new ListProduct(product.sku(), product.name(), product.price()).name())
                            .isEqualTo(product.name());
                })
                .extracting(IntroduceProduct::sku)
                .doesNotHaveDuplicates();
    }
}
