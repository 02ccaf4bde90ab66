package io.waybill.inventory.browsing;

import io.waybill.inventory.api.FindProduct;
import io.waybill.inventory.api.ListProducts;
import io.waybill.inventory.api.ProductSummary;
import io.waybill.kernel.Money;
import io.waybill.kernel.Sku;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Answers questions from the table {@code product}. */
@Component
class ProductQueries {

    private static final String COLUMNS =
            "select sku, name, price_minor, currency, greatest(0, on_hand - reserved) as available from product ";

    private final JdbcClient database;

    ProductQueries(JdbcClient database) {
        this.database = database;
    }

    @QueryHandler
    Optional<ProductSummary> handle(FindProduct query) {
        return database.sql(COLUMNS + "where sku = :sku")
                .param("sku", query.sku().value())
                .query(ProductQueries::summary)
                .optional();
    }

    @QueryHandler
    List<ProductSummary> handle(ListProducts query) {
        Sku after = query.after();
        return database.sql(COLUMNS + "where sku > :after order by sku limit :limit")
                .param("after", after == null ? "" : after.value())
                .param("limit", query.limit())
                .query(ProductQueries::summary)
                .list();
    }

    private static ProductSummary summary(ResultSet row, int index) throws SQLException {
        return new ProductSummary(
                Sku.of(row.getString("sku")),
                row.getString("name"),
                Money.ofMinor(row.getLong("price_minor"), row.getString("currency")),
                row.getLong("available"));
    }
}
