from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "niaga.sales"

    def ready(self) -> None:
        from niaga.approvals.registry import approval_subjects
        from niaga.core.registry import document_readers, invariants, state_words, touched_by
        from niaga.documents.registry import TrialPaper, papers, public_pages, subjects, trial_papers
        from niaga.invoicing.registry import delivered_lots
        from niaga.messaging.registry import template_words
        from niaga.payments.queries.promise_sources import PromiseSource, promise_sources
        from niaga.sales.queries.delivered_lots import lots_billed
        from niaga.sales.queries.documents import may_read_order, may_read_quotation
        from niaga.sales.queries.drop_ship_paper import drop_ship_paper, trial_drop_ships
        from niaga.sales.queries.drop_ships import may_read_drop_ship
        from niaga.sales.queries.file_subject import order_subject, quotation_subject
        from niaga.sales.queries.invariants import INVARIANTS
        from niaga.sales.queries.open_documents import open_documents as sales_open
        from niaga.sales.queries.orders_of import orders_told_of_deliveries, orders_told_of_invoices
        from niaga.sales.queries.paper import order_paper, pro_forma_paper, quotation_paper
        from niaga.sales.queries.promises import promised_orders
        from niaga.sales.queries.trial_papers import trial_orders, trial_pro_formas, trial_quotations
        from niaga.sales.rules.day_notice import PLACEHOLDERS
        from niaga.sales.web import approval_subject, contributions, historical_contributions, words
        from niaga.sales.web.public_order import order_page
        from niaga.sales.web.public_pro_forma import pro_forma_page
        from niaga.sales.web.public_quotation import quotation_page
        from niaga.stock.registry import DeliveryCard, delivery_cards, delivery_orders, pick_offers
        from niaga.ui.registry import (
            SearchContribution,
            badges,
            chain,
            commands,
            customer_panel,
            customer_sections,
            navigation,
            open_documents,
            search,
            settings_places,
        )

        approval_subjects.add("quotation", approval_subject.quotation_subject)
        approval_subjects.add("order", approval_subject.order_subject)
        subjects.add("quotation", quotation_subject)
        papers.add("quotation", quotation_paper)
        subjects.add("order", order_subject)
        papers.add("order", order_paper)
        papers.add("pro_forma", pro_forma_paper)
        delivered_lots.add("sales", lots_billed)
        papers.add("drop_ship", drop_ship_paper)
        trial_papers.add("drop_ship_request", TrialPaper("drop_ship", trial_drop_ships))
        trial_papers.add("quotation", TrialPaper("quotation", trial_quotations))
        trial_papers.add("order_confirmation", TrialPaper("order", trial_orders))
        trial_papers.add("pro_forma", TrialPaper("pro_forma", trial_pro_formas))
        public_pages.add("quotation", quotation_page)
        public_pages.add("pro_forma", pro_forma_page)
        public_pages.add("order", order_page)
        document_readers.add("quotation", may_read_quotation)
        document_readers.add("order", may_read_order)
        document_readers.add("drop_ship", may_read_drop_ship)
        for event in ("InvoiceIssued", "InvoiceAllocated", "InvoiceCorrected"):
            touched_by.add(event, orders_told_of_invoices)
        for event in ("DeliveryShipped", "DeliveryDelivered", "DeliveryCancelled"):
            touched_by.add(event, orders_told_of_deliveries)
        state_words.add("quotation", words.QUOTATION)
        state_words.add("order", words.ORDER)
        state_words.add("drop_ship", words.DROP_SHIP)
        promise_sources.add("order", PromiseSource("order", promised_orders))
        for name, check in INVARIANTS.items():
            invariants.add(f"sales.{name}", check)
        navigation.add(*contributions.NAVIGATION)
        badges.add("sales", contributions.badges)
        search.add(
            "quotations",
            SearchContribution(contributions.NAVIGATION[0].label, "file-text", contributions.find_quotations),
            order=30,
        )
        search.add(
            "orders",
            SearchContribution(contributions.NAVIGATION[1].label, "shopping-cart", contributions.find_orders),
            order=40,
        )
        commands.add("sales", contributions.offer, order=10)
        open_documents.add("sales", sales_open, order=10)
        chain.add("sales", contributions.chain)
        customer_sections.add("billing", contributions.billing_section)
        customer_sections.add("substitutes", contributions.substitutes_section)
        settings_places.add(contributions.SUBSTITUTES_PLACE)
        delivery_cards.add(
            "substitutes", DeliveryCard("sales/parts/substitution_card.html", contributions.substitutes_of_delivery)
        )
        delivery_orders.add("orders", contributions.orders_of)
        pick_offers.add("substitutes", contributions.substitutes_to_pick)
        customer_sections.add("day_notices", contributions.notice_section)
        settings_places.add(contributions.DAY_NOTICES)
        template_words.add("day_notice", PLACEHOLDERS)
        customer_panel.add("sales", contributions.customer_facts, order=10)
        historical_contributions.contribute()
