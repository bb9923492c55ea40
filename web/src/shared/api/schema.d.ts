// Written by `npm run types` from `bayan openapi`; do not edit.

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The app. */
        get: operations["operations_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the API is, as OpenAPI 3.1. */
        get: operations["operations_openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The applications in the order in which they were made. Whom they name is not in the list. */
        get: operations["applications_list"];
        put?: never;
        /** A firm applies to become a member. Anyone may. */
        post: operations["applications_apply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/own": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own application: where it stands, and how one gets in once it is admitted. */
        get: operations["applications_own"];
        /** What was said is replaced, whole. What was refused waits again. */
        put: operations["applications_amend"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/own/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A document for one's own application: PDF, PNG, JPEG or WebP, at most 10 MB each, ten of them. Sent again it changes nothing. */
        post: operations["applications_add_document"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/own/documents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** A document is taken back. */
        delete: operations["applications_drop_document"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One application, whole. The look enters the audit trail before it is answered. */
        get: operations["applications_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{id}/admission": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The firm becomes a member, and who applied for it its first user, a manager. */
        post: operations["applications_admit_applicant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{id}/erasure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Who applied in vain is to be forgotten: it waits for another admin. Then its key is destroyed, so that nobody can read its name,
         *     login and how it is reached, nor its documents, in log and snapshots neither; its token opens nothing any more.
         */
        post: operations["applications_erase_applicant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{id}/refusal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refuses an application; the applicant reads why, and may amend it. */
        post: operations["applications_refuse_applicant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for a second person, oldest first. */
        get: operations["approvals_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The second person agrees; the act is judged, and dated, now. Where it gives somebody a password that serves once, who
         *     agrees is told it, and who asked is not.
         */
        post: operations["approvals_approve"];
        /** The second person lets the act fall. */
        delete: operations["approvals_decline"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auctions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The auctions that the caller may see, newest first. */
        get: operations["auctions_list"];
        put?: never;
        /** A manager hands in an announcement of its own member. */
        post: operations["auctions_submit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auctions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One auction with its lots. */
        get: operations["auctions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auctions/{id}/approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Staff approve an announcement: it is published, and the initiator's margin is held. */
        post: operations["auctions_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auctions/{id}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What has not ended is cancelled; what was sold stays sold. */
        post: operations["auctions_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auctions/{id}/extension": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** `closes` moves later. */
        post: operations["auctions_extend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auctions/{id}/lots/{code}/annulment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A sold lot is annulled, once a second operator agrees: its contract is cancelled and both margins are released. */
        post: operations["hand_annul"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auctions/{id}/lots/{code}/bids": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The accepted bids of a lot in their order, or the newest first; of a sealed lot before its end, one's own. */
        get: operations["bids_list"];
        put?: never;
        /** Bids in a lot. */
        post: operations["bids_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auctions/{id}/lots/{code}/path": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The path of the bids in a lot, as a chart draws it: the accepted bids in their order, column by column. Of a sealed lot
         *     before its end, nothing.
         */
        get: operations["bids_path"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auctions/{id}/rejection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Staff refuse an announcement; the initiator may submit it anew. */
        post: operations["auctions_reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auctions/{id}/resumption": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The clocks go on. */
        post: operations["auctions_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auctions/{id}/suspension": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The clocks of an auction stand still. */
        post: operations["auctions_suspend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The acts that somebody answers for, the newest first. */
        get: operations["audit_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as a table for other programs, up to 20,000 lines; the header `Next` says where it goes on. */
        get: operations["audit_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bids": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bids of the caller's member, newest first, refused ones included. */
        get: operations["bids_own"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contracts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The contracts of the caller's member, newest first. */
        get: operations["contracts_own"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A deposit or withdrawal is corrected, once a second person agrees: a posting with the sign turned round. */
        post: operations["hand_correct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/demonstration/history/{product}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Made-up candles of a product, the last ones that begin in `from..to`. Only the demonstration has them. */
        get: operations["demonstration_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/demonstration/history/{product}/candles.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same candles as a table. Only the demonstration has them. */
        get: operations["demonstration_history_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Opens the live feed: a WebSocket. A browser's cookie needs its own origin. */
        get: operations["feed_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of the caller's member and what it may keep. */
        get: operations["files_list"];
        put?: never;
        /** A manager hands in a file of its own member, to attach it to an announcement. The body is the file as it is. */
        post: operations["files_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One file, to be saved. An attachment of an announcement: for whoever may see that announcement. A member's own: for its
         *     users. A document of an application: for who admits, and the look goes into the audit trail first.
         */
        get: operations["files_get"];
        put?: never;
        post?: never;
        /** A manager removes a file of its own member that no announcement names but rejected ones. */
        delete: operations["files_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/followed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the caller follows. */
        get: operations["followed_get"];
        put?: never;
        /** The caller follows some from now on, and others no longer. */
        post: operations["followed_change"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/funds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The funds of the caller's member. */
        get: operations["funds_own"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/funds/margins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the money of the caller's member is held for now, by auction and lot. The sum is what its funds say is held. */
        get: operations["funds_margins"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/funds/postings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the accounts of the caller's member gained and lost, newest first. The sum is the balance. */
        get: operations["funds_postings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/halts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Halts, newest first; those that were lifted too. */
        get: operations["hand_halts"];
        put?: never;
        /** Every auction concerned is suspended, and nothing of it is published until the halt is lifted. */
        post: operations["hand_halt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/halts/{id}/lifting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What it concerned runs again, where nothing else holds it. */
        post: operations["hand_lift"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signed head of the log. */
        get: operations["proof_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys of the caller's member, in the order in which they were made. */
        get: operations["keys_list"];
        put?: never;
        /** A key for a system of the caller's member. */
        post: operations["keys_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** A key ends at once. */
        delete: operations["keys_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own limits; a manager names a trader of its member. */
        get: operations["limits_get"];
        /** Sets them, all at once. */
        put: operations["limits_set"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The members, in the order in which they joined. */
        get: operations["members_list"];
        put?: never;
        /** A firm joins. */
        post: operations["members_admit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{code}/deposits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cash comes in from the bank. */
        post: operations["funds_deposit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{code}/freeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A member's users are signed out and stay out; it neither bids, publishes nor withdraws. */
        post: operations["hand_freeze"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{code}/funds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The funds of any member, as if nothing were held for sealed bids. The look enters the audit trail before it is answered. */
        get: operations["funds_of_member"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{code}/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The deposits and withdrawals of any member and their corrections, the newest first. The look enters the audit trail
         *     before it is answered.
         */
        get: operations["funds_payments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{code}/unfreeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A frozen member may trade again. */
        post: operations["hand_unfreeze"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{code}/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cash goes out to the bank. */
        post: operations["funds_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/node": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How this node is. */
        get: operations["operations_node"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The notices of the caller's member, newest first, and which of them the caller has read. */
        get: operations["notices_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices/browsers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pushes to this browser too. A subscription that is there is replaced, and one of another user ends: a device has one person. */
        post: operations["notices_add_browser"];
        /** Pushes no longer to a browser. */
        delete: operations["notices_remove_browser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The caller has read its notices up to an entry, on all of its devices. What was read stays read. */
        post: operations["notices_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the caller wants its notices, and what the venue has. */
        get: operations["notices_settings"];
        /** Sets them, all at once but for the browsers. */
        put: operations["notices_set"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a test to every address that the caller has given, at once and whatever the hour, and says what became of it. Asked
         *     again it sends again.
         */
        post: operations["notices_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replaces one's own password; every other session of the user ends. */
        post: operations["sessions_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/previews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What an act of staff would change. Nothing changes; what the act would be refused for, this is. Where it shows a
         *     member's funds, the look enters the audit trail before it is answered.
         */
        post: operations["hand_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The catalogue, in the order in which products entered it. */
        get: operations["products_list"];
        put?: never;
        /** Something may be traded. */
        post: operations["products_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One item of the catalogue. */
        get: operations["products_get"];
        /** What is said of a product, whole; its code and unit stay. What is left out is said no longer. */
        put: operations["products_describe"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The venue's rules and limits. */
        get: operations["venue_profile"];
        /** The venue's rules and limits from here on, once a second person agrees. */
        put: operations["venue_set_profile"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The quotes of all products. */
        get: operations["quotes_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quotes/{product}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The quotes of one product. */
        get: operations["quotes_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quotes/{product}/candles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last candles of a product on one side that begin in `from..to`, the oldest first. */
        get: operations["quotes_candles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quotes/{product}/candles.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same candles as a table, up to 10,000. The header `Next` is there where there are more, and says the `to` of those
         *     before.
         */
        get: operations["quotes_candles_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quotes/{product}/trades": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The awards of a product, the newest first, annulled ones included. */
        get: operations["quotes_trades"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quotes/{product}/trades.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same awards as a table, up to 10,000. The header `Next` is there where there are more, and says the `cursor`. */
        get: operations["quotes_trades_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own second factor. */
        get: operations["second-factor_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/second-factor/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a passkey that was made with these options. From now on signing in needs it or another second factor. */
        post: operations["second-factor_add_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/second-factor/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins to add a passkey: what the browser is asked to make it with. Nothing is remembered. Where a second factor serves, it
         *     is shown here.
         */
        post: operations["second-factor_passkey_options"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/second-factor/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes one of one's own passkeys, with a second factor. Staff keep one at least. */
        delete: operations["second-factor_remove_passkey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/second-factor/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins to set up a second factor, or another one in place of the one that serves, whose code is then asked for. It serves
         *     once it is confirmed.
         */
        post: operations["second-factor_begin"];
        /** Removes the codes of one's own authenticator, with a second factor. Staff cannot where they have no passkey. */
        delete: operations["second-factor_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/second-factor/totp/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirms the secret with its first code. From now on signing in needs one. */
        post: operations["second-factor_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own sessions, the newest first. */
        get: operations["sessions_list"];
        put?: never;
        /** Signs in. */
        post: operations["sessions_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in with this session. */
        get: operations["sessions_current"];
        put?: never;
        post?: never;
        /** Signs out: the token is dead on every node. */
        delete: operations["sessions_close"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Signs out another of one's own devices, or this one. */
        delete: operations["sessions_close_one"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/today": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures of the venue today. */
        get: operations["venue_today"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The users in the order in which they were added: an admin sees all, a manager those of its own member. */
        get: operations["users_list"];
        put?: never;
        /**
         * A person may sign in. Its first password serves once; where none is given, the exchange makes one. Who joins the staff waits
         *     for another admin, if there is one; then the exchange makes the password in any case, and tells it to that one.
         */
        post: operations["users_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{login}/erasure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A person is to be forgotten: it waits for another admin. Then its key is destroyed, so that nobody can read its login and
         *     name any more, in log and snapshots neither; its sessions end, and it cannot sign in.
         */
        post: operations["users_erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{login}/limit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** A limit for a trader, which it cannot lift itself: a bid above it is refused. */
        put: operations["limits_give"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{login}/lock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A user can no longer sign in; its sessions end. */
        post: operations["users_lock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{login}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new password that serves once, for a user who has lost its own; its sessions end. For one of the staff it waits for another
         *     admin, if there is one, and that one is told the password that the exchange makes then.
         */
        post: operations["users_reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{login}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Another role for a user: a member's for a member's, of the staff for one of the staff; that waits for another admin, if there
         *     is one. Its sessions end.
         */
        put: operations["users_set_role"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{login}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Removes the second factor of a user who has lost it; its sessions end, and staff set up another one before anything else. Of one
         *     of the staff it waits for another admin, if there is one.
         */
        delete: operations["users_remove_of"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{login}/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A locked user may sign in again. */
        post: operations["users_unlock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process lives. */
        get: operations["operations_livez"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counters and gauges for Prometheus. Where the configuration gives them an address of their own, this is 404. */
        get: operations["operations_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether commands can be taken: this node leads, or reaches the one that does, and has applied its log. */
        get: operations["operations_readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An accepted bid. */
        Accepted: {
            /** @description The bidder's own alias in this lot; in a sealed lot it has none before the end. */
            alias?: string | null;
            /** @description When. */
            at: string;
            /** @description The best price before it, where there was one. */
            best_before?: string | null;
            /** @description The lot's end after it. */
            end: string;
            /** @description What is held for it. */
            margin: string;
            /** @description What was bid. */
            price: string;
            /**
             * Format: int64
             * @description The entry that made it.
             */
            sequence: number;
            /** @description `accepted`. */
            status: string;
        };
        /** @description What an act made of an auction. */
        Acted: {
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /** @description The auction's status after it. */
            status: string;
        };
        /** @description Something has entered a list. */
        Added: {
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
        };
        /** @description `POST …/applications/{id}/admission`. */
        Admission: {
            /** @description The member's code, unique, 1 to 32 characters. */
            code: string;
            /** @description By what its first user signs in, where the login that was wished is taken; left out: as wished. */
            login?: string | null;
            /**
             * Format: int32
             * @description The application's `version` as it was read: what was amended meanwhile is 409 `changed_meanwhile`.
             */
            version: number;
        };
        /** @description A firm was admitted. */
        Admitted: {
            /** @description When that ends; null: it does not. */
            ends_at: string | null;
            /** @description By what its first user signs in. */
            login: string;
            /** @description The member's code. */
            member: string;
            /** @description Its first password, which serves once. The applicant reads it with its token too. */
            password: string;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /** @description `admitted`. */
            status: string;
        };
        /** @description An affiliate. */
        Affiliate: {
            /** @description Its code; null where only its name was said. */
            code: string | null;
            /** @description Its name; null where only its code was said. */
            name: string | null;
        };
        /** @description An affiliate: by its name, its code, or both. */
        AffiliateForm: {
            /** @description Its unified social credit code, or its code as a member. */
            code?: string | null;
            /** @description Its name. */
            name?: string | null;
        };
        /** @description A kind of key. */
        Algorithm: {
            /**
             * Format: int64
             * @description Of IANA's register of COSE algorithms.
             */
            alg: number;
            type: string;
        };
        /** @description A lot was annulled. */
        Annulled: {
            /**
             * Format: int32
             * @description The contract that is cancelled.
             */
            contract: number;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /** @description `annulled`. */
            status: string;
        };
        /** @description Where an application stands. */
        Application: {
            /**
             * Format: int32
             * @description How often it may still be amended.
             */
            amendments_left: number;
            /** @description When staff last decided. */
            decided_at: string | null;
            /** @description The firm. */
            firm: components["schemas"]["Firm"];
            /** @description Whether the applicant was forgotten. */
            forgotten: boolean;
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /** @description When it was made, or last amended. */
            made_at: string;
            /** @description The code of the member that it became. */
            member: string | null;
            /** @description Why it was last refused. */
            reason: string | null;
            /** @description `waiting`, `refused` or `admitted`. */
            status: string;
            /**
             * Format: int32
             * @description How often it was amended: an admission names it.
             */
            version: number;
        };
        /** @description An application was amended. */
        ApplicationAmended: {
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /** @description `waiting`. */
            status: string;
        };
        /** @description Where an application stands, and how many there are to join. */
        ApplicationDecision: {
            /**
             * Format: int32
             * @description How many members the venue has.
             */
            members: number;
            /** @description `waiting`, `refused` or `admitted`. */
            status: string;
            /**
             * Format: int32
             * @description How many users the venue has, keys of members' systems among them.
             */
            users: number;
        };
        /** @description A document of an application. */
        ApplicationDocument: {
            /** @description By what it is known; staff read it at `/api/v1/files/{id}`. */
            id: string;
            /** @description What the applicant calls it; null where that person was forgotten. */
            name: string | null;
            /** @description Its type, found by its content. */
            type: string;
        };
        /** @description An application was made. */
        ApplicationMade: {
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /** @description `waiting`. */
            status: string;
            /** @description What goes into the header `Application-Token`: who holds it reads the application and amends it. It is told this once. */
            token: string;
        };
        /** @description An application that is decided. */
        ApplicationPreview: {
            /** @description As it would be. */
            after: components["schemas"]["ApplicationDecision"];
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /** @description As it is. */
            now: components["schemas"]["ApplicationDecision"];
        };
        /** @description What the act answers, once it is done. */
        Approved: components["schemas"]["Moved"] | components["schemas"]["Annulled"] | components["schemas"]["UserAdded"] | components["schemas"]["PasswordReset"] | components["schemas"]["Done"];
        /** @description A file that comes with an announcement. */
        Attachment: {
            /** @description By what it is known, at `/api/v1/files/{file}`. */
            file: string;
            /** @description What it is called. */
            name: string;
            /**
             * Format: int32
             * @description How many bytes it has; null where it is gone.
             */
            size: number | null;
            /** @description Its type; null where the file of an announcement that was rejected is gone. */
            type: string | null;
        };
        /** @description An announcement with what has become of it. */
        Auction: components["schemas"]["AuctionHead"] & {
            /** @description What comes with it. */
            attachments: components["schemas"]["Attachment"][];
            /** @description How it is bid. */
            bidding: components["schemas"]["BiddingView"];
            /** @description The lots, in the announcement's order. */
            lots: components["schemas"]["Lot"][];
            /**
             * Format: int64
             * @description The last entry that this answer knows.
             */
            sequence: number;
        };
        /** @description What is said of an auction wherever its status changes. */
        AuctionHead: {
            /** @description When it closes, moved as its clocks were. */
            closes: string;
            /** @description `open` or `sealed`. */
            format: string;
            /** @description What holds a suspended auction: its own suspension, then halts. It runs again when nothing does. */
            holds: components["schemas"]["Hold"][];
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /** @description The code of the member who sells (sale) or buys (procurement). */
            initiator: string;
            /** @description When it opens, moved as its clocks were. */
            opens: string;
            /** @description The product's code. */
            product: string;
            /** @description What staff last said about it; empty where nothing was said. */
            reason: string;
            /** @description `sale` or `procurement`. */
            side: string;
            /** @description `submitted`, `rejected`, `published`, `running`, `suspended`, `closed` or `cancelled`. */
            status: string;
            /** @description Since when its clocks stand still; null while they go. */
            suspended_at?: string | null;
            /** @description What the members read first. */
            title: string;
            /** @description The quoting unit. */
            unit: string;
        };
        /** @description An auction, now and after. */
        AuctionPreview: {
            /** @description As it would be. */
            after: components["schemas"]["AuctionTimes"];
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /** @description Its lots, in their order. */
            lots: components["schemas"]["LotPreview"][];
            /** @description As it is. */
            now: components["schemas"]["AuctionTimes"];
            /**
             * @description Whether bids are held for in sealed lots that have not ended: they are released too, and how many and how much is
             *     not said.
             */
            sealed: boolean;
            /** @description What the members read first. */
            title: string;
        };
        /** @description Status and times of an auction. */
        AuctionTimes: {
            /** @description When it closes. */
            closes: string;
            /** @description When it opens. */
            opens: string;
            /** @description Its status. */
            status: string;
        };
        /** @description A whole auction as everybody sees it. */
        AuctionView: components["schemas"]["AuctionHead"] & {
            /** @description What comes with it. */
            attachments: components["schemas"]["Attachment"][];
            /** @description How it is bid. */
            bidding: components["schemas"]["BiddingView"];
            /** @description The lots, in the announcement's order. */
            lots: components["schemas"]["LotView"][];
        };
        /** @description One line of the audit trail. */
        AuditLine: {
            /** @description What was done, in one of the words that the API's page lists. */
            act: string;
            /** @description When. */
            at: string;
            /**
             * Format: int32
             * @description The auction that it concerns.
             */
            auction: number | null;
            /** @description What more there is to say; may be empty. */
            detail: string;
            /** @description Its login; null where the person was forgotten, or there is none. */
            login: string | null;
            /** @description The code of the member whom it concerns. */
            member: string | null;
            /** @description Its role. */
            role: string | null;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /**
             * Format: int32
             * @description The number of the user whom it concerns.
             */
            subject: number | null;
            /** @description Its login; null where the person was forgotten, or there is none. */
            subject_login: string | null;
            /**
             * Format: int32
             * @description The number of who did it; of sign-ins that went wrong, as whom it was tried. Null: nobody has that login.
             */
            user: number | null;
        };
        /** @description How an auction is bid: the table `[bidding]` of its announcement. */
        BiddingView: {
            /** @description Whether a leader may overtake itself. */
            consecutive: boolean;
            /** @description The soft close, such as `180s`. */
            countdown: string;
            /** @description `closing` or `opening`. */
            countdown_from: string;
            /** @description The codes of the members who may bid; null: every active member. Lists leave it out. */
            eligible?: string[] | null;
            /** @description `open` or `sealed`. */
            format: string;
            /** @description The highest price a sale accepts, the lowest a procurement accepts. */
            limit_price?: string | null;
            /** @description The share of price × quantity that both sides secure. */
            margin_rate: string;
            /** @description The furthest a bid may move from the best price. */
            max_step?: string | null;
            /** @description The price of the first bid at the least (in a procurement at the most). */
            start_price: string;
            /** @description Every bid's distance from the start price is a whole multiple of it. */
            step: string;
        };
        /** @description A browser that is pushed to. */
        BrowserView: {
            /** @description Where its push service is. */
            endpoint: string;
            /** @description What the user calls it. */
            label: string;
        };
        /** @description A day that is otherwise than its place in the week says. */
        CalendarDay: {
            /**
             * @description `YYYY-MM-DD`.
             * @example 2026-10-01
             */
            date: string;
            /** @description Whether it is worked. */
            working: boolean;
        };
        /** @description The end of a contract whose lot was annulled. */
        Cancelled: {
            /** @description When. */
            at: string;
            /** @description Why. */
            reason: string;
        };
        /** @description What the awards of one interval came to. */
        Candle: {
            /** @description The price weighted by quantity. */
            average: string;
            /** @description The last price. */
            close: string;
            /** @description Whether an award of the interval was annulled since; it counts no longer. */
            corrected: boolean;
            /** @description The highest price. */
            high: string;
            /** @description The lowest price. */
            low: string;
            /** @description The first price. */
            open: string;
            /** @description When the interval begins. */
            start: string;
            /**
             * Format: int32
             * @description How many awards there were.
             */
            trades: number;
            /** @description For how much. */
            turnover: string;
            /** @description How much was awarded. */
            volume: string;
        };
        /** @description Candles of a product on one side. */
        Candles: {
            /** @description `1m`, `5m`, `15m`, `1h`, `1d`, `1w` or `1M`. */
            interval: string;
            /** @description The oldest first. An interval without an award has none. */
            items: components["schemas"]["Candle"][];
            /** @description What to give as `to` for the candles before these; null: there are none. */
            next: string | null;
            /** @description The product's code. */
            product: string;
            /** @description `sale` or `procurement`. */
            side: string;
            /** @description How the venue's clocks stand, by which days, weeks and months begin. */
            utc_offset: string;
        };
        /** @description Cash. */
        Cash: {
            /** @description What can be used. */
            available: string;
            /** @description What is held. */
            held: string;
        };
        /** @description Why money moved. */
        Cause: {
            /**
             * Format: int32
             * @description In which auction.
             */
            auction?: number | null;
            /**
             * Format: int32
             * @description For which contract.
             */
            contract?: number | null;
            /**
             * Format: int64
             * @description The entry whose deposit or withdrawal this corrects.
             */
            corrects?: number | null;
            /**
             * @description `deposit`, `withdrawal`, `bid_held`, `bid_released`, `initiator_held`, `initiator_released`, `awarded`,
             *     `annulled`, `correction` or `sealed_bids_held`.
             */
            kind: string;
            /** @description For which lot. */
            lot?: string | null;
            /** @description Why it is corrected. */
            reason?: string | null;
            /** @description What the bank's statement says. */
            reference?: string | null;
        };
        /** @description A way in which notices come. */
        ChannelView: {
            /** @description Whether the user has given an address for it. */
            addressed: boolean;
            /** @description Whether the venue sends this way at all. */
            available: boolean;
            /** @description `app`, `push`, `email`, `wecom` or `sms`. */
            channel: string;
            last: components["schemas"]["LastView"] | null;
        };
        /** @description `POST …/second-factor/totp/confirmation`. */
        Code: {
            /** @description What the authenticator shows, six digits. */
            code: string;
        };
        /** @description Who applied. */
        Contact: {
            /** @description Its e-mail. */
            email: string;
            /** @description By what it wishes to sign in. */
            login: string;
            /** @description The person's name. */
            name: string;
            /** @description Its phone. */
            phone: string;
        };
        /** @description Who applies. */
        ContactForm: {
            /** @description An address of e-mail. */
            email: string;
            /** @description By what it wishes to sign in, 1 to 64 characters. */
            login: string;
            /** @description The person's name. */
            name: string;
            /**
             * @description `+` and 8 to 15 digits.
             * @example +8613800000000
             */
            phone: string;
        };
        /** @description A contract of the caller's member. */
        Contract: {
            /** @description price × quantity. */
            amount: string;
            /** @description When: the lot's end. */
            at: string;
            /**
             * Format: int32
             * @description Of which auction.
             */
            auction: number;
            cancelled: components["schemas"]["Cancelled"] | null;
            /** @description The code of the other side. */
            counterpart: string;
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /** @description The lot's code. */
            lot: string;
            /** @description What was held from the caller's member at the award. */
            margin: string;
            /** @description The price per unit. */
            price: string;
            /** @description The product's code. */
            product: string;
            /** @description How much. */
            quantity: string;
            /**
             * Format: int64
             * @description The entry with which it came into being.
             */
            sequence: number;
            /** @description What the caller's member is in it: `seller` or `buyer`. */
            side: string;
            /** @description The auction's title. */
            title: string;
            /** @description The quoting unit. */
            unit: string;
        };
        /** @description A contract that is cancelled. */
        ContractPreview: {
            /** @description `cancelled`. */
            after: string;
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /** @description `awaiting_payment`. */
            now: string;
        };
        /** @description That it was let fall. */
        Declined: {
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /** @description `declined`. */
            status: string;
        };
        /** @description One of one's own sessions. */
        Device: {
            /** @description From where it was last seen; null where that is not known any more. */
            address: string | null;
            /** @description What its program then called itself; null where that is not known. */
            agent: string | null;
            /** @description When it began; null for one of before this was kept. */
            begun_at: string | null;
            /** @description Whether it is the one that asks. */
            current: boolean;
            /** @description When it ends at the latest. */
            expires_at: string;
            /** @description By what it is signed out. */
            id: string;
            /** @description When it was last seen: signing in, or asking who it is; null where that is not known any more. */
            seen_at: string | null;
        };
        /** @description A document is kept. */
        DocumentAdded: {
            /** @description By what it is known. */
            id: string;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /**
             * Format: int64
             * @description How many bytes it has.
             */
            size: number;
            /** @description Its type, found by its content. */
            type: string;
        };
        /** @description That something was done. */
        Done: {
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
        };
        /** @description `POST …/extension`. */
        Extension: {
            /** @description Why, for members to read, 1 to 500 characters. */
            reason: string;
            /** @description The new `closes`, RFC 3339. */
            until: string;
        };
        /** @description `alias`: how one is called in a lot. */
        FeedAlias: {
            alias: string;
            /** Format: int32 */
            auction: number;
            lot: string;
        };
        /** @description `annulled`: a contract of one's own is cancelled, its lot being annulled. */
        FeedAnnulled: {
            at: string;
            /** Format: int32 */
            auction: number;
            /** Format: int32 */
            contract: number;
            lot: string;
            /** @description What was held from oneself, and is released. */
            margin: string;
            reason: string;
        };
        /** @description `awarded`: a lot became a contract of one's own. */
        FeedAwarded: {
            amount: string;
            at: string;
            /** Format: int32 */
            auction: number;
            /** Format: int32 */
            contract: number;
            lot: string;
            /** @description What stays held from oneself. */
            margin: string;
            price: string;
            quantity: string;
            /** @description What one is in it: `seller` or `buyer`. */
            side: string;
        };
        /** @description `bid`: a bid was accepted and leads. */
        FeedBid: {
            at: string;
            bidder: string;
            end: string;
            lot: string;
            price: string;
        };
        /** @description `followed`: a user of the member follows other announcements than before; `GET /api/v1/followed` tells. */
        FeedFollowed: Record<string, never>;
        /** @description `funds`: what a member has, its sealed bids included. */
        FeedFunds: {
            available: string;
            held: string;
        };
        /** @description The snapshot of `market`. */
        FeedMarket: {
            auctions: components["schemas"]["AuctionHead"][];
            /** @description Those in force. */
            halts: components["schemas"]["Halt"][];
            quotes: components["schemas"]["Quote"][];
        };
        /** @description The snapshot of `me`. */
        FeedMe: {
            aliases: components["schemas"]["FeedAlias"][];
            funds: components["schemas"]["FeedFunds"];
            member: string;
            sealed_bids: components["schemas"]["FeedSealedBid"][];
        };
        /** @description `notices`: there may be new notices, or some were read; `GET /api/v1/notices` tells. */
        FeedNotices: Record<string, never>;
        /** @description `overtaken`: somebody else leads now. */
        FeedOvertaken: {
            at: string;
            /** Format: int32 */
            auction: number;
            bidder: string;
            end: string;
            lot: string;
            price: string;
        };
        /** @description The snapshot of `quotes/PRODUCT`: sale and procurement. */
        FeedQuotes: {
            items: components["schemas"]["QuoteWithSpark"][];
        };
        /** @description `released`: a margin is held no longer. */
        FeedReleased: {
            amount: string;
            /** Format: int32 */
            auction: number;
            lot: string;
            /** @description `bid` or `initiator`. */
            margin: string;
        };
        /** @description `sealed_bid`: one's own bid in a sealed lot that counts now. */
        FeedSealedBid: {
            at: string;
            /** Format: int32 */
            auction: number;
            lot: string;
            margin: string;
            price: string;
        };
        /** @description The figures of the rule that said no, as decimals; those that it has. */
        Figures: {
            /** @description `insufficient_margin`: what is there, where that may be said. */
            has?: string | null;
            /** @description `not_better`: whether that is the price of a bid. */
            is_bid?: boolean | null;
            /** @description `beyond_limit`: the limit price. */
            limit?: string | null;
            /** @description `above_max_step`: by how much at the most. */
            max_step?: string | null;
            /** @description `above_given_limit`: the largest amount of one bid. */
            most?: string | null;
            /** @description `insufficient_margin`, `insufficient_cash`: what is needed. */
            needs?: string | null;
            /** @description `above_max_step`: from where it is moved. */
            reference?: string | null;
            /** @description `off_step`: from where steps count. */
            start?: string | null;
            /** @description `off_step`: the step. */
            step?: string | null;
            /** @description `not_better`: the best price, which is to be beaten, or the start price, which is to be reached. */
            than?: string | null;
        };
        /** @description A file of the caller's member. */
        File: {
            /** @description Since when it is kept. */
            at: string;
            /** @description The announcements of the member that name it; while one of them was not rejected, the file stays. */
            auctions: number[];
            /** @description By what it is known: the SHA-256 of its bytes. */
            id: string;
            /**
             * Format: int32
             * @description How many bytes it has.
             */
            size: number;
            /** @description Its type, found by its content. */
            type: string;
        };
        /** @description A file is kept. */
        FileAdded: {
            /** @description By what it is known: the SHA-256 of its bytes, in 64 hexadecimal digits. */
            id: string;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /**
             * Format: int64
             * @description How many bytes it has.
             */
            size: number;
            /** @description Its type, found by its content. */
            type: string;
        };
        /** @description The files of the caller's member. */
        FilePage: {
            /**
             * Format: int64
             * @description How many bytes they have.
             */
            bytes: number;
            /**
             * Format: int64
             * @description How many they may have.
             */
            bytes_max: number;
            /**
             * Format: int64
             * @description How many files the member keeps.
             */
            files: number;
            /**
             * Format: int64
             * @description How many it may keep.
             */
            files_max: number;
            /** @description The files. */
            items: components["schemas"]["File"][];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next: string | null;
        };
        /** @description A firm as it describes itself. */
        Firm: {
            /** @description Firms that stand behind it, or that the same people run. */
            affiliates: components["schemas"]["Affiliate"][];
            /** @description Its unified social credit code. */
            credit_code: string;
            /** @description The last day of its business licence; null: it has no end. */
            licence_until: string | null;
            /** @description Its name. */
            name: string;
        };
        /** @description A firm as it describes itself. */
        FirmForm: {
            /** @description Firms that stand behind it, or that the same people run, at most 20. */
            affiliates?: components["schemas"]["AffiliateForm"][];
            /**
             * @description Its unified social credit code (GB 32100-2015), 18 characters.
             * @example 91150000701463622D
             */
            credit_code: string;
            /**
             * @description The last day of its business licence; left out or null: it has no end.
             * @example 2031-05-20
             */
            licence_until?: string | null;
            /** @description Its name, as on its licence, 1 to 200 characters. */
            name: string;
        };
        /** @description `POST …/users/{login}/password`. */
        FirstPassword: {
            /**
             * @description The password, which serves once and must then be replaced, 12 to 128 characters; left out, the exchange makes one
             *     and answers it.
             */
            password?: string | null;
        };
        /** @description `POST /api/v1/followed`. */
        FollowChange: {
            /** @description The auctions to follow from now on, at most 200. What is not there is left out: a device may remember what is gone. */
            follow?: number[];
            /** @description Those to follow no longer, at most 200. */
            unfollow?: number[];
        };
        /** @description What a user follows. */
        Followed: {
            /** @description The auctions, in the order in which it began to follow them; those that it may not see are left out. */
            auctions: number[];
        };
        /** @description Whether a member is frozen. */
        Freeze: {
            /** @description Whether it is. */
            frozen: boolean;
            /**
             * Format: int32
             * @description How many sessions its users have.
             */
            sessions: number;
        };
        /** @description That a member is frozen. */
        Frozen: {
            /** @description Why. */
            reason: string;
            /** @description Since when. */
            since: string;
        };
        /** @description Cash. */
        Funds: {
            /** @description What can be used. */
            available: string;
            /** @description What is held. */
            held: string;
            /**
             * Format: int64
             * @description The last entry that this answer knows.
             */
            sequence: number;
        };
        /** @description A member whose cash moves, as if nothing were held for sealed bids. */
        FundsPreview: {
            /** @description As it would be. */
            after: components["schemas"]["Cash"];
            /** @description Its code. */
            member: string;
            /** @description As it is. */
            now: components["schemas"]["Cash"];
        };
        /** @description `PUT …/users/{login}/limit`. */
        GivenLimit: {
            /** @description The largest amount (price × quantity) of one bid; null: any. */
            bid_amount_max?: string | null;
        };
        /** @description A halt of the market, a product or a mode. */
        Halt: {
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /** @description When it was lifted; null while it is in force. */
            lifted_at: string | null;
            /** @description Why it was lifted; null while it is in force. */
            lifted_reason: string | null;
            /** @description Why. */
            reason: string;
            /** @description What it concerns. */
            scope: components["schemas"]["HaltScope"];
            /** @description Since when. */
            since: string;
        };
        /** @description A halt began. */
        HaltBegun: {
            /**
             * Format: int32
             * @description The halt's number.
             */
            id: number;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /** @description `halted`. */
            status: string;
        };
        /** @description What a halt concerns. */
        HaltScope: {
            /** @description `market`, `product` or `mode`. */
            kind: string;
            /** @description `sale`, `procurement`, `open` or `sealed`; null unless `kind` is `mode`. */
            mode: string | null;
            /** @description The product's code; null unless `kind` is `product`. */
            product: string | null;
        };
        /** @description A signed head. Hashes, signature and key are hexadecimal. */
        Head: {
            /** @description The RFC 6962 tree head over all entries up to it (SHA-256). */
            hash: string;
            /** @description The node's public key. */
            key: string;
            /**
             * Format: int64
             * @description The last entry it covers.
             */
            sequence: number;
            /** @description Ed25519. */
            signature: string;
            /** @description When it was signed. */
            signed_at: string;
            /** @description The digest of the exchange's state after that entry. */
            state_digest: string;
        };
        /** @description What holds a suspended auction. */
        Hold: {
            /**
             * Format: int32
             * @description The halt's number; null for its own suspension.
             */
            halt: number | null;
            /** @description `suspension` (its own) or `halt`. */
            kind: string;
            /** @description Why. */
            reason: string;
            scope: components["schemas"]["HaltScope"] | null;
            /** @description Since when it holds. */
            since: string;
        };
        /** @description When a venue is open, in its time zone (`utc_offset` of the profile). */
        Hours: {
            /** @description Days that are otherwise than their place in the week says, in their order. */
            calendar: components["schemas"]["CalendarDay"][];
            /** @description The working days of a week: `monday` to `sunday`. */
            days: string[];
            /** @description The sessions of a working day, in their order; both ends belong to a session. */
            sessions: components["schemas"]["SessionHours"][];
        };
        /** @description A key of one's own member. */
        Key: {
            /** @description When it ends by itself. */
            expires_at: string;
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /** @description When it was made. */
            made_at: string;
            /** @description The login of who made it; null where the person was forgotten. */
            made_by: string | null;
            /** @description What it is called. */
            name: string;
            /** @description What it is for: `read`, `bid`, `publish`. */
            scopes: string[];
            /** @description `active`, `revoked` or `expired`. */
            status: string;
        };
        /** @description A key with its token. */
        KeyAdded: {
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /** @description What goes into `Authorization: Bearer`. It is shown this once. */
            token: string;
        };
        /** @description What became of a message. */
        LastView: {
            /** @description When. */
            at: string;
            /** @description Why not; empty where it was. */
            detail: string;
            /** @description Whether it was taken by the receiver. */
            sent: boolean;
        };
        /** @description The limits of a trader. */
        Limits: {
            /** @description The largest amount (price × quantity) of one bid that it is not asked about once more; null: it is never asked. */
            bid_amount_max: string | null;
            /** @description The largest amount of one bid that it may make, as who manages it says; null: any. */
            given_max: string | null;
        };
        /** @description A lot as it stands. */
        Lot: components["schemas"]["LotView"] & {
            /** @description The viewer's own alias in this lot, once it has bid. */
            alias?: string | null;
        };
        /** @description A bid of a lot. */
        LotBid: {
            /** @description When. */
            at: string;
            /** @description The bidder's alias; `you` in a sealed lot before its end. */
            bidder: string;
            /** @description Whether it is the caller's member's. */
            own: boolean;
            /** @description What was bid. */
            price: string;
            /**
             * Format: int64
             * @description The entry that made it.
             */
            sequence: number;
        };
        /** @description The bids of a lot. */
        LotBids: {
            /** @description In their order, or the newest first where that is asked for. */
            items: components["schemas"]["LotBid"][];
            /**
             * Format: int64
             * @description What to give as `after` for the next page; null: this is the last one.
             */
            next?: number | null;
        };
        /** @description The path of the bids in a lot: times and prices, the first with the first. */
        LotPath: {
            /** @description When each bid was made. */
            at: string[];
            /**
             * Format: int64
             * @description What to give as `after` for the next page; null: this is the last one.
             */
            next: number | null;
            /** @description What was bid. */
            price: string[];
        };
        /** @description A lot, now and after. */
        LotPreview: {
            /** @description As it would be. */
            after: components["schemas"]["LotTimes"];
            /** @description Its name within the announcement. */
            code: string;
            /** @description As it is. */
            now: components["schemas"]["LotTimes"];
        };
        /** @description Status and end of a lot. */
        LotTimes: {
            /** @description Its end: still to come, or when it ended. */
            end: string;
            /** @description Its status. */
            status: string;
        };
        /** @description A lot as everybody sees it. */
        LotView: {
            /**
             * Format: int32
             * @description How many bids were accepted; null of a sealed lot before its end.
             */
            accepted?: number | null;
            /** @description Why it was annulled: what was published of its sale holds no longer. Null unless it was. */
            annulled: string | null;
            /** @description The price of the bid that leads or won; null without one, and of a sealed lot before its end. */
            best_price?: string | null;
            /** @description Its name within the announcement. */
            code: string;
            /** @description Its end: still to come, or when it ended. */
            end: string;
            /** @description The alias of who leads or won; null without one, and of a sealed lot before its end. */
            leader?: string | null;
            /** @description How much is bid for as one piece, in the quoting unit. */
            quantity: string;
            /**
             * Format: int32
             * @description How many bids were refused; null of a sealed lot before its end.
             */
            rejected?: number | null;
            /** @description `waiting`, `running`, `sold`, `unsold`, `cancelled` or `annulled`. */
            status: string;
        };
        /** @description A made-up day, week or month. */
        MadeUpCandle: {
            /** @description The price weighted by quantity. */
            average: string;
            /** @description The last price. */
            close: string;
            /** @description The highest price. */
            high: string;
            /** @description The lowest price. */
            low: string;
            /** @description The first price. */
            open: string;
            /** @description When it begins. */
            start: string;
            /** @description For how much. */
            turnover: string;
            /** @description How much. */
            volume: string;
        };
        /** @description A made-up series. */
        MadeUpHistory: {
            /** @description `1d`, `1w` or `1M`. */
            interval: string;
            /** @description The oldest first. */
            items: components["schemas"]["MadeUpCandle"][];
            /** @description Always true. */
            made_up: boolean;
            /** @description What to give as `to` for those before these; null: there are none. */
            next: string | null;
            /** @description What people read beside it. */
            note: string;
            /** @description The product's code. */
            product: string;
            /**
             * Format: int64
             * @description What the series was made from.
             */
            seed: number;
        };
        /** @description Something for which a member's money is held now. */
        Margin: {
            /** @description How much. */
            amount: string;
            /**
             * Format: int32
             * @description In which auction.
             */
            auction: number;
            /**
             * Format: int32
             * @description For which contract.
             */
            contract: number | null;
            /**
             * @description `bid`: of the bid with which it leads; `sealed_bid`: of its own bid in a sealed lot; `initiator`: of a lot that it has
             *     announced; `contract`: of an award.
             */
            kind: string;
            /** @description For which lot. */
            lot: string;
            /** @description The auction's title. */
            title: string;
        };
        /** @description A margin that is released or held. */
        MarginPreview: {
            /** @description How much. */
            amount: string;
            /**
             * Format: int32
             * @description In which auction.
             */
            auction: number;
            /** @description The bidder's alias in the lot; null for the initiator. */
            bidder: string | null;
            /** @description For which lot. */
            lot: string;
            /** @description The initiator's code; null for a bidder. */
            member: string | null;
            /** @description Whether it is released; else it is held. */
            released: boolean;
        };
        /** @description What a member's money is held for. */
        Margins: {
            /** @description What they come to: what the funds say is held. */
            held: string;
            /** @description By auction, then by lot. */
            items: components["schemas"]["Margin"][];
            /**
             * Format: int64
             * @description The last entry that is in here.
             */
            sequence: number;
        };
        /** @description A firm. */
        Member: {
            /** @description Its code. */
            code: string;
            frozen: components["schemas"]["Frozen"] | null;
            /** @description Its name. */
            name: string;
        };
        /** @description A member that is frozen, or not any more. */
        MemberPreview: {
            /** @description As it would be. */
            after: components["schemas"]["Freeze"];
            /**
             * Format: int32
             * @description How many of its auctions are published and have not ended: unchanged.
             */
            auctions: number;
            /** @description Its code. */
            code: string;
            /**
             * Format: int32
             * @description How many open lots it leads: unchanged.
             */
            leads: number;
            /** @description As it is. */
            now: components["schemas"]["Freeze"];
        };
        /** @description Money has moved. */
        Moved: {
            /** @description What the member has available now. */
            available: string;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
        };
        /** @description An application, all of it at once. */
        NewApplication: {
            /** @description Who applies for it, and becomes its first user. */
            contact: components["schemas"]["ContactForm"];
            /** @description The firm. */
            firm: components["schemas"]["FirmForm"];
        };
        /** @description A file that comes with an announcement. */
        NewAttachment: {
            /** @description By what it is known: what `POST /api/v1/files` has answered. */
            file: string;
            /** @description What it is called, 1 to 120 characters without slashes. */
            name: string;
        };
        /** @description An announcement, with the keys of announcement.toml. */
        NewAuction: {
            /** @description What comes with it, at most ten files that the caller's member keeps. */
            attachments?: components["schemas"]["NewAttachment"][];
            /** @description How it is bid. */
            bidding: components["schemas"]["NewBidding"];
            /** @description RFC 3339. */
            closes: string;
            /** @description The caller's own member; may be left out. */
            initiator?: string | null;
            /** @description What is bid for. */
            lots: components["schemas"]["NewLot"][];
            /** @description RFC 3339. */
            opens: string;
            /** @description The product's code. */
            product: string;
            /** @description `sale` or `procurement`. */
            side: string;
            /** @description What the members read first. */
            title: string;
            /** @description The quoting unit, such as `t`. */
            unit: string;
        };
        /** @description A bid. */
        NewBid: {
            /**
             * @description What is bid per unit, a decimal string.
             * @example 565500.00
             */
            price: string;
            /** @description The best price the bidder saw when it decided; recorded, not judged. */
            seen_price?: string | null;
        };
        /** @description The table `[bidding]` of an announcement. */
        NewBidding: {
            /** @description Whether a leader may overtake itself; default false. */
            consecutive?: boolean | null;
            /** @description Whole seconds, minutes or hours, such as `180s` (default). */
            countdown?: string | null;
            /** @description `closing` (default) or `opening`. */
            countdown_from?: string | null;
            /** @description The codes of the members who may bid; left out: every active member. */
            eligible?: string[] | null;
            /** @description `open` (default) or `sealed`. */
            format?: string | null;
            /** @description A decimal string. */
            limit_price?: string | null;
            /** @description A decimal string above 0 and at most 1. */
            margin_rate: string;
            /** @description A decimal string. */
            max_step?: string | null;
            /** @description A decimal string. */
            start_price: string;
            /** @description A decimal string. */
            step: string;
        };
        /** @description `POST /api/v1/notices/browsers`: what a browser's subscription says. */
        NewBrowser: {
            /** @description The secret that it shares with the venue, Base64url. */
            auth: string;
            /** @description Where its push service is. */
            endpoint: string;
            /** @description What the user calls it, 1 to 64 characters. */
            label: string;
            /** @description The browser's public key, Base64url. */
            p256dh: string;
        };
        /** @description `POST /api/v1/corrections`. */
        NewCorrection: {
            /** @description Why, 1 to 500 characters. */
            reason: string;
            /**
             * Format: int64
             * @description The entry that made the deposit or withdrawal: `sequence` of its answer, and of its posting.
             */
            sequence: number;
        };
        /** @description `PUT /api/v1/products/{code}`. */
        NewDescription: {
            /** @description `oxide`, `metal`, `alloy`, `concentrate`, `scrap`, `magnet`, `compound`, `auxiliary` or `processing`. */
            kind?: string | null;
            /** @description Its name, in Chinese. */
            name: string;
            /** @description Its name in English. */
            name_en?: string | null;
            /** @description What is delivered: grade, composition, form, standard; 1 to 1,000 characters. */
            specification?: string | null;
        };
        /** @description `POST /api/v1/halts`. */
        NewHalt: {
            /** @description Why, for members to read, 1 to 500 characters. */
            reason: string;
            /** @description What is halted. */
            scope: components["schemas"]["NewHaltScope"];
        };
        /** @description What is halted. */
        NewHaltScope: {
            /** @description `market`, `product` or `mode`. */
            kind: string;
            /** @description `sale`, `procurement`, `open` or `sealed`, where `kind` is `mode`. */
            mode?: string | null;
            /** @description The product's code, where `kind` is `product`. */
            product?: string | null;
        };
        /** @description `POST /api/v1/keys`. */
        NewKey: {
            /** @description When it ends, RFC 3339, at most 366 days from now. */
            expires_at: string;
            /** @description What it is called, 1 to 64 characters. */
            name: string;
            /** @description What it is for: one or more of `read`, `bid`, `publish`. */
            scopes: string[];
        };
        /** @description `PUT /api/v1/limits`. */
        NewLimits: {
            /** @description The largest amount (price × quantity) of one bid that is not asked about once more; null: none is. */
            bid_amount_max?: string | null;
            /** @description Whose: a manager names a trader of its member; a trader may leave it out. */
            login?: string | null;
        };
        /** @description One lot of an announcement. */
        NewLot: {
            /** @description Its name within the announcement. */
            code: string;
            /** @description A decimal string. */
            quantity: string;
        };
        /** @description `POST /api/v1/members`. */
        NewMember: {
            /** @description Its code, unique, 1 to 32 characters. */
            code: string;
            /** @description The firm's name. */
            name: string;
        };
        /**
         * @description `POST …/second-factor/passkeys`: what the browser made, each part as base64url without padding (WebAuthn,
         *     `AuthenticatorAttestationResponse`).
         */
        NewPasskey: {
            /** @description `attestationObject`. */
            attestation: string;
            /** @description `clientDataJSON`. */
            client_data: string;
            /** @description What it is called, 1 to 64 characters. */
            name: string;
        };
        /** @description `POST /api/v1/password`. */
        NewPassword: {
            /** @description The password as it is. */
            current: string;
            /** @description The password as it shall be, 12 to 128 characters. */
            new: string;
        };
        /** @description Money in or out. */
        NewPayment: {
            /**
             * @description How much, a decimal string above zero.
             * @example 1000000.00
             */
            amount: string;
            /** @description What the bank's statement says, 1 to 140 characters. */
            reference: string;
        };
        /** @description `POST /api/v1/previews`: an act, with what it needs; its reason is not asked for. */
        NewPreview: {
            /**
             * @description `publication`, `suspension`, `resumption`, `extension`, `cancellation`, `halt`, `lifting`, `freeze`, `unfreeze` or
             *     `annulment` (operator); `deposit`, `withdrawal` or `correction` (settlement); `profile` or `erasure` (admin); `approval` (of
             *     the role that asked); `admission` or `refusal` of an application (admin).
             */
            act: string;
            /** @description The amount of a deposit or withdrawal. */
            amount?: string | null;
            /**
             * Format: int32
             * @description The application of an admission or refusal.
             */
            application?: number | null;
            /**
             * Format: int32
             * @description What waits for a second person, of an approval.
             */
            approval?: number | null;
            /**
             * Format: int32
             * @description The auction of a publication, suspension, resumption, extension, cancellation or annulment.
             */
            auction?: number | null;
            /** @description The member's code of an admission. */
            code?: string | null;
            /**
             * Format: int32
             * @description The halt of a lifting.
             */
            halt?: number | null;
            /** @description The first user's login of an admission; left out: the one that was wished. The user of an erasure. */
            login?: string | null;
            /** @description The lot of an annulment. */
            lot?: string | null;
            /** @description The member of a freeze, unfreeze, deposit or withdrawal. */
            member?: string | null;
            profile?: components["schemas"]["Profile"] | null;
            scope?: components["schemas"]["NewHaltScope"] | null;
            /**
             * Format: int64
             * @description The entry whose payment is corrected.
             */
            sequence?: number | null;
            /** @description The new `closes` of an extension. */
            until?: string | null;
        };
        /** @description `POST /api/v1/products`. */
        NewProduct: {
            /** @description Its code, unique. */
            code: string;
            /** @description `oxide`, `metal`, `alloy`, `concentrate`, `scrap`, `magnet`, `compound`, `auxiliary` or `processing`. */
            kind?: string | null;
            /** @description Its name, in Chinese. */
            name: string;
            /** @description Its name in English. */
            name_en?: string | null;
            /** @description What is delivered: grade, composition, form, standard; 1 to 1,000 characters. */
            specification?: string | null;
            /** @description The quoting unit, such as `t`. */
            unit: string;
        };
        /** @description `PUT …/users/{login}/role`. */
        NewRole: {
            /** @description `trader` or `manager` of a member's user; `operator`, `settlement`, `admin` or `auditor` of one of the staff. */
            role: string;
        };
        /** @description `POST /api/v1/users`. */
        NewUser: {
            /** @description By what it signs in, unique. */
            login: string;
            /** @description The code of its member; none for staff. A manager adds to its own, and may leave it out. */
            member?: string | null;
            /** @description The person's name. */
            name: string;
            /**
             * @description Its first password, which serves once and must then be replaced, 12 to 128 characters; left out, the exchange makes
             *     one and answers it.
             */
            password?: string | null;
            /** @description `trader`, `manager`, `operator`, `settlement`, `admin` or `auditor`. */
            role: string;
        };
        /** @description How the node is that answers. */
        NodeView: {
            /**
             * Format: int64
             * @description Entries that are not in the archive yet.
             */
            archive_lag: number;
            /**
             * Format: int64
             * @description The last entry in the archive.
             */
            archive_sequence: number;
            /** @description Why the archive stands still; null while it goes on by itself. */
            archive_stands_still: string | null;
            /**
             * Format: int64
             * @description By how many milliseconds the machine's clock is ahead of the time by which the log is stamped; below zero: behind.
             */
            clock_ahead_ms: number;
            /** @description Whether that is so much that the machine's clock is not followed. */
            clock_apart: boolean;
            /**
             * Format: int64
             * @description Bytes that can still be written beside the log; null where the disk does not say.
             */
            disk_free_bytes: number | null;
            /**
             * Format: int64
             * @description Clients of the feed.
             */
            feed_clients: number;
            /**
             * Format: int64
             * @description The entry of the last signed head.
             */
            head_sequence: number;
            /** @description Commands that wait for their place in the order. */
            queue: number;
            /** @description How many may wait. */
            queue_max: number;
            /** @description Whether it leads and has applied its log. */
            ready: boolean;
            /**
             * Format: int64
             * @description The last entry applied.
             */
            sequence: number;
            /**
             * Format: int64
             * @description The entry of the newest snapshot on the disk; 0: there is none yet.
             */
            snapshot_sequence: number;
            /**
             * Format: int64
             * @description The engine's term.
             */
            term: number;
            /** @description Why it is not ready; null where it is. */
            why: string | null;
        };
        /** @description An act with nothing more to say. */
        Nothing: Record<string, never>;
        /** @description What a member was told. */
        Notice: {
            /** @description Price × quantity of the contract (`won`, `sold`), or the margin (`released`); else null. */
            amount: string | null;
            /** @description When. */
            at: string;
            /**
             * Format: int32
             * @description Of which auction.
             */
            auction: number;
            /** @description When the lot ends, as it stood then (`overtaken`, `ends_soon`); else null. */
            ends: string | null;
            /** @description What tells it from every other of the member. */
            id: string;
            /** @description `overtaken`, `ends_soon`, `won`, `lost`, `sold`, `approved`, `refused` or `released`. */
            kind: string;
            /** @description The lot's code; null: it is of the whole announcement. */
            lot: string | null;
            /** @description The price that leads (`overtaken`) or won (`won`, `lost`, `sold`); else null. */
            price: string | null;
            /** @description Whether this user has read it. */
            read: boolean;
            /** @description Why the announcement was refused; else null. */
            reason: string | null;
            /**
             * Format: int64
             * @description The entry that brought it about.
             */
            sequence: number;
            /** @description The auction's title. */
            title: string;
        };
        /** @description How a user wants its notices: all of it at once, so that an address that is not named is none. */
        NoticeSettings: {
            /** @description Where to, by e-mail; null: nowhere. */
            email: string | null;
            /**
             * @description Over which channels each kind comes: `app` (it speaks up while it is open), `push`, `email`, `wecom`, `sms`. A kind that
             *     is not named comes as it did.
             */
            kinds: {
                [key: string]: string[];
            };
            /** @description In which language messages come: `zh` or `en`. */
            language: string;
            /**
             * Format: int32
             * @description How many notices leave the app in any hour at the most, 0 to 120; one that goes several ways counts once.
             */
            per_hour: number;
            /** @description Where to, by short message: `+` and 8 to 15 digits; null: nowhere. */
            phone: string | null;
            quiet: components["schemas"]["QuietView"] | null;
            /** @description How the user's clock stands, such as `+08:00`: for the quiet hours, and for times in messages. */
            utc_offset: string;
            /** @description The address of a robot in a WeCom group; null: none. */
            wecom: string | null;
        };
        /** @description The settings, with what the venue has and what became of the last messages. */
        NoticeSettingsSeen: {
            /** @description The browsers that are pushed to. */
            browsers: components["schemas"]["BrowserView"][];
            /** @description Every way there is. */
            channels: components["schemas"]["ChannelView"][];
            /** @description The venue's key for push, an uncompressed point in Base64url (`applicationServerKey`); null: it does not push. */
            push_key: string | null;
            settings: components["schemas"]["NoticeSettings"];
            /** @description The hosts of robots that the venue writes to. */
            wecom_hosts: string[];
        };
        /** @description A page of notices. */
        Notices: {
            /** @description The notices, newest first. */
            items: components["schemas"]["Notice"][];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next: string | null;
            /**
             * Format: int64
             * @description The entry up to which this user has read them; 0: none.
             */
            read_up_to: number;
            /** @description How many this user has not read, counted up to 100. */
            unread: number;
        };
        /** @description `DELETE /api/v1/notices/browsers`. */
        OldBrowser: {
            /** @description Which. */
            endpoint: string;
        };
        /** @description One's own application. */
        OwnApplication: components["schemas"]["Application"] & {
            contact: components["schemas"]["Contact"] | null;
            /** @description Its documents, in the order in which they came. */
            documents: components["schemas"]["ApplicationDocument"][];
            welcome: components["schemas"]["Welcome"] | null;
        };
        /** @description One of one's own bids. */
        OwnBid: {
            /** @description When. */
            at: string;
            /**
             * Format: int32
             * @description Where.
             */
            auction: number;
            /** @description The lot's code; null where there is none such. */
            lot?: string | null;
            /** @description What was bid; null for a refused bid in a sealed lot. */
            price?: string | null;
            /** @description Why it was refused, or null. */
            reason?: string | null;
            /**
             * Format: int64
             * @description The entry that made or refused it.
             */
            sequence: number;
            /** @description `accepted`, `replaced` or `rejected`. */
            status: string;
        };
        /** @description A page of a list. */
        Page_Application: {
            /** @description The items. */
            items: {
                /**
                 * Format: int32
                 * @description How often it may still be amended.
                 */
                amendments_left: number;
                /** @description When staff last decided. */
                decided_at: string | null;
                /** @description The firm. */
                firm: components["schemas"]["Firm"];
                /** @description Whether the applicant was forgotten. */
                forgotten: boolean;
                /**
                 * Format: int32
                 * @description Its number.
                 */
                id: number;
                /** @description When it was made, or last amended. */
                made_at: string;
                /** @description The code of the member that it became. */
                member: string | null;
                /** @description Why it was last refused. */
                reason: string | null;
                /** @description `waiting`, `refused` or `admitted`. */
                status: string;
                /**
                 * Format: int32
                 * @description How often it was amended: an admission names it.
                 */
                version: number;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_Auction: {
            /** @description The items. */
            items: (components["schemas"]["AuctionHead"] & {
                /** @description What comes with it. */
                attachments: components["schemas"]["Attachment"][];
                /** @description How it is bid. */
                bidding: components["schemas"]["BiddingView"];
                /** @description The lots, in the announcement's order. */
                lots: components["schemas"]["Lot"][];
                /**
                 * Format: int64
                 * @description The last entry that this answer knows.
                 */
                sequence: number;
            })[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_AuditLine: {
            /** @description The items. */
            items: {
                /** @description What was done, in one of the words that the API's page lists. */
                act: string;
                /** @description When. */
                at: string;
                /**
                 * Format: int32
                 * @description The auction that it concerns.
                 */
                auction: number | null;
                /** @description What more there is to say; may be empty. */
                detail: string;
                /** @description Its login; null where the person was forgotten, or there is none. */
                login: string | null;
                /** @description The code of the member whom it concerns. */
                member: string | null;
                /** @description Its role. */
                role: string | null;
                /**
                 * Format: int64
                 * @description The entry that did it.
                 */
                sequence: number;
                /**
                 * Format: int32
                 * @description The number of the user whom it concerns.
                 */
                subject: number | null;
                /** @description Its login; null where the person was forgotten, or there is none. */
                subject_login: string | null;
                /**
                 * Format: int32
                 * @description The number of who did it; of sign-ins that went wrong, as whom it was tried. Null: nobody has that login.
                 */
                user: number | null;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_Contract: {
            /** @description The items. */
            items: {
                /** @description price × quantity. */
                amount: string;
                /** @description When: the lot's end. */
                at: string;
                /**
                 * Format: int32
                 * @description Of which auction.
                 */
                auction: number;
                cancelled: components["schemas"]["Cancelled"] | null;
                /** @description The code of the other side. */
                counterpart: string;
                /**
                 * Format: int32
                 * @description Its number.
                 */
                id: number;
                /** @description The lot's code. */
                lot: string;
                /** @description What was held from the caller's member at the award. */
                margin: string;
                /** @description The price per unit. */
                price: string;
                /** @description The product's code. */
                product: string;
                /** @description How much. */
                quantity: string;
                /**
                 * Format: int64
                 * @description The entry with which it came into being.
                 */
                sequence: number;
                /** @description What the caller's member is in it: `seller` or `buyer`. */
                side: string;
                /** @description The auction's title. */
                title: string;
                /** @description The quoting unit. */
                unit: string;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_Device: {
            /** @description The items. */
            items: {
                /** @description From where it was last seen; null where that is not known any more. */
                address: string | null;
                /** @description What its program then called itself; null where that is not known. */
                agent: string | null;
                /** @description When it began; null for one of before this was kept. */
                begun_at: string | null;
                /** @description Whether it is the one that asks. */
                current: boolean;
                /** @description When it ends at the latest. */
                expires_at: string;
                /** @description By what it is signed out. */
                id: string;
                /** @description When it was last seen: signing in, or asking who it is; null where that is not known any more. */
                seen_at: string | null;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_Halt: {
            /** @description The items. */
            items: {
                /**
                 * Format: int32
                 * @description Its number.
                 */
                id: number;
                /** @description When it was lifted; null while it is in force. */
                lifted_at: string | null;
                /** @description Why it was lifted; null while it is in force. */
                lifted_reason: string | null;
                /** @description Why. */
                reason: string;
                /** @description What it concerns. */
                scope: components["schemas"]["HaltScope"];
                /** @description Since when. */
                since: string;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_Key: {
            /** @description The items. */
            items: {
                /** @description When it ends by itself. */
                expires_at: string;
                /**
                 * Format: int32
                 * @description Its number.
                 */
                id: number;
                /** @description When it was made. */
                made_at: string;
                /** @description The login of who made it; null where the person was forgotten. */
                made_by: string | null;
                /** @description What it is called. */
                name: string;
                /** @description What it is for: `read`, `bid`, `publish`. */
                scopes: string[];
                /** @description `active`, `revoked` or `expired`. */
                status: string;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_Member: {
            /** @description The items. */
            items: {
                /** @description Its code. */
                code: string;
                frozen: components["schemas"]["Frozen"] | null;
                /** @description Its name. */
                name: string;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_OwnBid: {
            /** @description The items. */
            items: {
                /** @description When. */
                at: string;
                /**
                 * Format: int32
                 * @description Where.
                 */
                auction: number;
                /** @description The lot's code; null where there is none such. */
                lot?: string | null;
                /** @description What was bid; null for a refused bid in a sealed lot. */
                price?: string | null;
                /** @description Why it was refused, or null. */
                reason?: string | null;
                /**
                 * Format: int64
                 * @description The entry that made or refused it.
                 */
                sequence: number;
                /** @description `accepted`, `replaced` or `rejected`. */
                status: string;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_Payment: {
            /** @description The items. */
            items: {
                /** @description By how much the available cash changed: below zero what it lost. */
                amount: string;
                /** @description When. */
                at: string;
                /** @description Why. */
                cause: components["schemas"]["Cause"];
                /** @description Whether it can be corrected: it was made under rules 2, is no correction itself, and was not corrected. */
                correctable: boolean;
                /**
                 * Format: int64
                 * @description The entry that corrected it; null: none has.
                 */
                corrected_by: number | null;
                /**
                 * Format: int64
                 * @description The entry that did it: what a correction names.
                 */
                sequence: number;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_Person: {
            /** @description The items. */
            items: {
                /** @description The largest amount of one bid that it may make, as who manages it says; null: any. */
                bid_amount_max: string | null;
                /** @description When that password ends, if it is not replaced before; null: it does not. */
                first_password_ends_at: string | null;
                /** @description Whether the person was forgotten. */
                forgotten: boolean;
                /**
                 * Format: int32
                 * @description Its number.
                 */
                id: number;
                /** @description Whether it can no longer sign in. */
                locked: boolean;
                /** @description By what it signs in; null where the person was forgotten. */
                login: string | null;
                /** @description The code of its member; null for staff. */
                member: string | null;
                /** @description Its name; null where the person was forgotten. */
                name: string | null;
                /** @description Whether its password serves once and has not been replaced. */
                new_password_required: boolean;
                /** @description What it may do. */
                role: string;
                /** @description Whether signing in as it needs a code. */
                second_factor: boolean;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_Posting: {
            /** @description The items. */
            items: {
                /** @description `available`, `bid_margin`, `initiator_margin`, `contract_margin` or `sealed_margin`. */
                account: string;
                /** @description By how much: below zero what it lost. */
                amount: string;
                /** @description When. */
                at?: string | null;
                /** @description Why. */
                cause: components["schemas"]["Cause"];
                /**
                 * Format: int64
                 * @description The entry that did it; null for what is held for sealed bids, which is in no entry for others to read.
                 */
                sequence?: number | null;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_Product: {
            /** @description The items. */
            items: {
                /** @description Its code. */
                code: string;
                /**
                 * @description `oxide`, `metal`, `alloy`, `concentrate`, `scrap`, `magnet`, `compound`, `auxiliary` or `processing`; null: nobody
                 *     has said.
                 */
                kind: string | null;
                /** @description Its name, in Chinese. */
                name: string;
                /** @description Its name in English; null: nobody has said. */
                name_en: string | null;
                /** @description What is delivered: grade, composition, form, standard; null: nobody has said. */
                specification: string | null;
                /** @description The quoting unit. */
                unit: string;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description A page of a list. */
        Page_Waiting: {
            /** @description The items. */
            items: {
                /**
                 * @description `deposit`, `withdrawal`, `annulment`, `correction`, `profile`, `erasure`, `applicant_erasure`, `staff_addition`,
                 *     `staff_role`, `password_reset` or `second_factor_removal`.
                 */
                act: string;
                /** @description How much, of a deposit, withdrawal or correction; else null. */
                amount: string | null;
                /**
                 * Format: int32
                 * @description Whose application it was, of the erasure of an applicant; else null.
                 */
                application: number | null;
                /**
                 * Format: int32
                 * @description The auction of an annulment; else null.
                 */
                auction: number | null;
                /** @description The login of who asked; null where the person was forgotten. */
                by: string | null;
                /**
                 * Format: int64
                 * @description The entry whose payment is corrected; else null.
                 */
                corrects: number | null;
                /** @description The role that it shall have, of an addition to the staff or a role in it; else null. */
                gets_role: string | null;
                /**
                 * Format: int32
                 * @description Its number.
                 */
                id: number;
                /** @description Its login; null where it was forgotten meanwhile. */
                login: string | null;
                /** @description The lot of an annulment; else null. */
                lot: string | null;
                /** @description The code of the member whose cash it is, of a deposit, withdrawal or correction; else null. */
                member: string | null;
                /** @description The name of who is to join the staff; else null. */
                name: string | null;
                profile: components["schemas"]["Profile"] | null;
                /** @description Why, of an annulment or correction; else null. */
                reason: string | null;
                /** @description What the bank's statement says, of a deposit or withdrawal; else null. */
                reference: string | null;
                /** @description The role whose other users may decide. */
                role: string;
                /**
                 * Format: int32
                 * @description The number of the user whom it is about: of an erasure, and of the staff; null of who is to join it.
                 */
                user: number | null;
            }[];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next?: string | null;
        };
        /** @description One of one's own passkeys. */
        Passkey: {
            /** @description When it was added. */
            added_at: string;
            /** @description By what it is removed. */
            id: string;
            /** @description What one calls it; null where it cannot be read any more. */
            name: string | null;
            /** @description When it was last used; null: never. */
            used_at: string | null;
        };
        /** @description A passkey serves. */
        PasskeyAdded: {
            /** @description By what it is removed. */
            id: string;
            /** @description Each replaces a second factor, once. They are shown this once, to whom had no second factor before; else there is none. */
            recovery_codes: string[];
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
        };
        /**
         * @description What a passkey signed, each part as the browser gave it, as base64url without padding (WebAuthn,
         *     `AuthenticatorAssertionResponse`).
         */
        PasskeyAssertion: {
            /** @description `authenticatorData`. */
            authenticator_data: string;
            /** @description `clientDataJSON`. */
            client_data: string;
            /** @description `rawId`. */
            credential: string;
            /** @description `signature`. */
            signature: string;
        };
        /** @description What a browser is asked to make a passkey with: `PublicKeyCredentialCreationOptionsJSON` of WebAuthn, bytes as base64url. */
        PasskeyCreation: {
            attestation: string;
            authenticatorSelection: components["schemas"]["Selection"];
            /** @description Serves once, within five minutes. */
            challenge: string;
            /** @description One's passkeys: an authenticator that has one of them makes no second one. */
            excludeCredentials: components["schemas"]["PasskeyCredential"][];
            pubKeyCredParams: components["schemas"]["Algorithm"][];
            rp: components["schemas"]["RelyingParty"];
            /**
             * Format: int32
             * @description Milliseconds.
             */
            timeout: number;
            user: components["schemas"]["PasskeyUser"];
        };
        /** @description A passkey as browsers name it. */
        PasskeyCredential: {
            id: string;
            type: string;
        };
        /** @description What a browser is asked to show a passkey with: `PublicKeyCredentialRequestOptionsJSON` of WebAuthn, bytes as base64url. */
        PasskeyRequest: {
            /** @description The user's passkeys. */
            allowCredentials: components["schemas"]["PasskeyCredential"][];
            /** @description Serves once, within five minutes. */
            challenge: string;
            /** @description The host. */
            rpId: string;
            /**
             * Format: int32
             * @description Milliseconds.
             */
            timeout: number;
            userVerification: string;
        };
        /** @description Whose passkey it is to be. */
        PasskeyUser: {
            /** @description The person's name. */
            displayName: string;
            /** @description Tells nobody who it is. */
            id: string;
            /** @description The login. */
            name: string;
        };
        /** @description A password that serves once. */
        PasswordReset: {
            /** @description The password, where the exchange made it; null where it came with the request. */
            password: string | null;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
        };
        /** @description A deposit, a withdrawal, or the correction of one. */
        Payment: {
            /** @description By how much the available cash changed: below zero what it lost. */
            amount: string;
            /** @description When. */
            at: string;
            /** @description Why. */
            cause: components["schemas"]["Cause"];
            /** @description Whether it can be corrected: it was made under rules 2, is no correction itself, and was not corrected. */
            correctable: boolean;
            /**
             * Format: int64
             * @description The entry that corrected it; null: none has.
             */
            corrected_by: number | null;
            /**
             * Format: int64
             * @description The entry that did it: what a correction names.
             */
            sequence: number;
        };
        /** @description It waits for a second person. */
        Pending: {
            /**
             * Format: int32
             * @description What the second person approves.
             */
            id: number;
            /**
             * Format: int64
             * @description The entry that asked.
             */
            sequence: number;
            /** @description `pending`. */
            status: string;
        };
        /** @description A person who may sign in. */
        Person: {
            /** @description The largest amount of one bid that it may make, as who manages it says; null: any. */
            bid_amount_max: string | null;
            /** @description When that password ends, if it is not replaced before; null: it does not. */
            first_password_ends_at: string | null;
            /** @description Whether the person was forgotten. */
            forgotten: boolean;
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /** @description Whether it can no longer sign in. */
            locked: boolean;
            /** @description By what it signs in; null where the person was forgotten. */
            login: string | null;
            /** @description The code of its member; null for staff. */
            member: string | null;
            /** @description Its name; null where the person was forgotten. */
            name: string | null;
            /** @description Whether its password serves once and has not been replaced. */
            new_password_required: boolean;
            /** @description What it may do. */
            role: string;
            /** @description Whether signing in as it needs a code. */
            second_factor: boolean;
        };
        /** @description A person who is to be forgotten. */
        PersonPreview: {
            /** @description As it would be. */
            after: components["schemas"]["PersonState"];
            /** @description As it is. */
            now: components["schemas"]["PersonState"];
            /**
             * Format: int32
             * @description Its number, which stays.
             */
            user: number;
        };
        /** @description By what a person signs in, and is reached. */
        PersonState: {
            /** @description Whether it has said how it is to be told of notices. */
            notices: boolean;
            /** @description Whether it has a password. */
            password: boolean;
            /** @description Whether it has a second factor. */
            second_factor: boolean;
            /**
             * Format: int32
             * @description How many sessions it has.
             */
            sessions: number;
        };
        /** @description What one account gained or lost. The sum over an account is its balance. */
        Posting: {
            /** @description `available`, `bid_margin`, `initiator_margin`, `contract_margin` or `sealed_margin`. */
            account: string;
            /** @description By how much: below zero what it lost. */
            amount: string;
            /** @description When. */
            at?: string | null;
            /** @description Why. */
            cause: components["schemas"]["Cause"];
            /**
             * Format: int64
             * @description The entry that did it; null for what is held for sealed bids, which is in no entry for others to read.
             */
            sequence?: number | null;
        };
        /** @description What an act would change. What it does not touch is null, or stands in no list. */
        Preview: {
            /** @description The act. */
            act: string;
            application: components["schemas"]["ApplicationPreview"] | null;
            /** @description As of when. Times that move by how long clocks stood still move on until the act is done. */
            at: string;
            /** @description The auctions that it touches, at most 100, with all their lots; what is the same now and after is unchanged. */
            auctions: components["schemas"]["AuctionPreview"][];
            /** @description How many further auctions it touches. */
            auctions_more: number;
            contract: components["schemas"]["ContractPreview"] | null;
            funds: components["schemas"]["FundsPreview"] | null;
            /** @description The margins that it releases or holds. What is held for sealed bids is not said. */
            margins: components["schemas"]["MarginPreview"][];
            member: components["schemas"]["MemberPreview"] | null;
            person: components["schemas"]["PersonPreview"] | null;
            profile: components["schemas"]["ProfilePreview"] | null;
            /** @description Whether the act would first wait for a second person. */
            second_person: boolean;
            /**
             * Format: int64
             * @description The last entry that this answer knows.
             */
            sequence: number;
            staff: components["schemas"]["StaffPreview"] | null;
        };
        /** @description The document on the wire. */
        Problem: {
            /** @description What was wrong and what to do. */
            detail: string;
            figures?: components["schemas"]["Figures"] | null;
            passkey?: components["schemas"]["PasskeyRequest"] | null;
            /** @description A stable word. */
            reason: string;
            /**
             * Format: int64
             * @description The entry of the log that refused, where there is one.
             */
            sequence?: number | null;
            /**
             * Format: int32
             * @description The HTTP status again.
             */
            status: number;
            /** @description The reason in words. */
            title: string;
            /** @description A URI of the reason. */
            type: string;
        };
        /** @description An item of the catalogue. */
        Product: {
            /** @description Its code. */
            code: string;
            /**
             * @description `oxide`, `metal`, `alloy`, `concentrate`, `scrap`, `magnet`, `compound`, `auxiliary` or `processing`; null: nobody
             *     has said.
             */
            kind: string | null;
            /** @description Its name, in Chinese. */
            name: string;
            /** @description Its name in English; null: nobody has said. */
            name_en: string | null;
            /** @description What is delivered: grade, composition, form, standard; null: nobody has said. */
            specification: string | null;
            /** @description The quoting unit. */
            unit: string;
        };
        /** @description The rules and limits of a venue. */
        Profile: {
            /**
             * Format: int32
             * @description How many acts may wait for a second person.
             */
            approvals_max: number;
            /**
             * Format: int32
             * @description How many announcements of one member may be waiting for approval or running.
             */
            auctions_per_member_max: number;
            /** @description Whether an announcement may only name products of the catalogue. */
            catalogue_closed: boolean;
            /** @description How long before its end those who take part in a lot are told so; null: they are not. */
            ends_soon_before: string | null;
            /**
             * Format: int64
             * @description How many bytes of files the venue keeps in all; null: 20 GiB.
             */
            file_bytes_max: number | null;
            /**
             * Format: int64
             * @description How many bytes of files one member may keep; null: 1 GiB.
             */
            file_bytes_per_member_max: number | null;
            /**
             * Format: int32
             * @description How many files one member may keep; null: 1,000.
             */
            files_per_member_max: number | null;
            /** @description How long a password serves that somebody else has given and that must be replaced; null: without an end. */
            first_password_lasts: string | null;
            hours: components["schemas"]["Hours"] | null;
            /**
             * Format: int32
             * @description How many answers are remembered once they are older than the window.
             */
            idempotency_keys_max: number;
            /**
             * Format: int32
             * @description How many keys younger than the window one user may have.
             */
            idempotency_keys_per_user_max: number;
            /** @description How long an answer is surely remembered. */
            idempotency_window: string;
            /**
             * Format: int32
             * @description How many lots one announcement may have.
             */
            lots_max: number;
            /** @description Two stamps further apart have an outage between them; null: only an entry of its own makes one. */
            outage_after?: string | null;
            /** @description Whether procurement auctions are allowed. */
            procurement: boolean;
            /**
             * @description How long after its refusal who applied in vain is remembered, and then forgotten; null: until two admins forget it. It came
             *     with rules 3.
             */
            refused_kept: string | null;
            /**
             * @description By what these settings are known again. A change is refused with `changed_meanwhile` where they are others by now than those
             *     that it names; left out, it is made from those in force when it is asked.
             */
            revision: string | null;
            /**
             * Format: int32
             * @description Which version of the rules is in force.
             */
            rules: number;
            /** @description Whether auctions for sale are allowed. */
            sale: boolean;
            /** @description Whether sealed auctions are allowed. */
            sealed: boolean;
            /**
             * Format: int32
             * @description How many sealed bids one bidder may make for one lot.
             */
            sealed_bids_per_lot_max: number;
            /** @description A deposit or withdrawal above it needs a second person; null: none does. */
            second_person_above?: string | null;
            /**
             * Format: int32
             * @description How many sessions one user may have; a further one ends the oldest.
             */
            sessions_per_user_max: number;
            /** @description Whether titles, codes and names must have a sensible length. */
            texts_checked: boolean;
            /** @description How the venue's clocks stand, for the day of its quotes, all of history included; left out, it is `+08:00`. */
            utc_offset?: string;
        };
        /** @description The rules and limits, now and after. */
        ProfilePreview: {
            /** @description As they would be. */
            after: components["schemas"]["Profile"];
            /** @description As they are. */
            now: components["schemas"]["Profile"];
        };
        /** @description What shows the second factor that serves, one of the two; needed where there is one. */
        ProofIfAny: {
            /** @description The code that the authenticator shows, or a recovery code. */
            code?: string | null;
            passkey?: components["schemas"]["PasskeyAssertion"] | null;
        };
        /** @description Hours in which nothing is sent. */
        QuietView: {
            /** @description From when, `HH:MM` by the user's clock. */
            from: string;
            /** @description Until when; where that is before `from`, on the next day. */
            to: string;
        };
        /**
         * @description The figures of a product on one side: of the last day on which it was traded there. Without such a day they are null,
         *     and volume, turnover and trades are nothing.
         */
        Quote: {
            /** @description When the last award was. */
            at: string | null;
            /** @description The price of the day, weighted by quantity. */
            average: string | null;
            /** @description The last price less that of the day before with an award; null also where there is no such day. */
            change: string | null;
            /** @description Whether an award of the day, or one since, was annulled. */
            corrected: boolean;
            /** @description The day of the venue, such as `2026-01-09`. */
            day: string | null;
            /** @description The highest price of the day. */
            high: string | null;
            /** @description Its price. */
            last: string | null;
            /** @description The lowest price of the day. */
            low: string | null;
            /** @description The first price of the day. */
            open: string | null;
            /** @description The product's code. */
            product: string;
            /** @description `sale` or `procurement`. */
            side: string;
            /**
             * Format: int32
             * @description How many awards there were.
             */
            trades: number;
            /** @description For how much. */
            turnover: string;
            /** @description The quoting unit, of prices and quantities. */
            unit: string;
            /** @description How much was awarded on the day. */
            volume: string;
        };
        /** @description A quote with its spark line. */
        QuoteWithSpark: components["schemas"]["Quote"] & {
            /** @description The last prices of the last days with an award, at most 30, the oldest first. */
            spark: string[];
        };
        /** @description A page of quotes. */
        Quotes: {
            /** @description By product, in the order of the catalogue; sale before procurement. */
            items: components["schemas"]["QuoteWithSpark"][];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next: string | null;
            /**
             * Format: int64
             * @description The last entry that this answer knows.
             */
            sequence: number;
        };
        /** @description `POST /api/v1/notices/read`. */
        ReadUpTo: {
            /**
             * Format: int64
             * @description The `sequence` of the newest notice that was read; those before it are read too.
             */
            up_to: number;
        };
        /** @description An act with its reason. */
        Reason: {
            /** @description Why, for members to read, 1 to 500 characters. */
            reason: string;
        };
        /** @description An application was refused. */
        Refused: {
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /** @description `refused`. */
            status: string;
        };
        /** @description Who asks. */
        RelyingParty: {
            /** @description The host. */
            id: string;
            name: string;
        };
        /** @description One's own second factor. */
        SecondFactor: {
            /** @description One's passkeys, the oldest first. Where there are codes or passkeys, signing in needs one of them. */
            passkeys: components["schemas"]["Passkey"][];
            /** @description How many recovery codes are left. */
            recovery_codes_left: number;
            /** @description Whether one is needed: staff always have one. */
            required: boolean;
            /** @description Whether an authenticator's codes serve. */
            totp: boolean;
        };
        /** @description What the authenticator is to be. */
        Selection: {
            residentKey: string;
            userVerification: string;
        };
        /** @description From when to when a venue is open on a working day. */
        SessionHours: {
            /**
             * @description `HH:MM`.
             * @example 09:00
             */
            from: string;
            /**
             * @description `HH:MM`, at the latest `24:00`.
             * @example 16:00
             */
            to: string;
        };
        /** @description A session. */
        SessionView: {
            /** @description When it ends at the latest. */
            expires_at: string;
            /** @description What goes into `Authorization: Bearer`; a browser that asked for a cookie gets none. */
            token?: string | null;
            /** @description Who is signed in. */
            user: components["schemas"]["UserView"];
        };
        /** @description `POST /api/v1/sessions`. */
        SignIn: {
            /** @description The code that the user's authenticator shows, or a recovery code; needed where the user has a second factor. */
            code?: string | null;
            /** @description Whether a browser gets a cookie instead of the token. */
            cookie?: boolean | null;
            /** @description The user's login. */
            login: string;
            passkey?: components["schemas"]["PasskeyAssertion"] | null;
            /** @description Its password. */
            password: string;
        };
        /** @description One of the staff, or who joins it. */
        StaffPreview: {
            after: components["schemas"]["StaffState"] | null;
            now: components["schemas"]["StaffState"] | null;
            /**
             * Format: int32
             * @description And afterwards.
             */
            of_role_after: number;
            /**
             * Format: int32
             * @description How many users have the role that it would have, now.
             */
            of_role_now: number;
            /**
             * Format: int32
             * @description Its number; null of who joins.
             */
            user: number | null;
        };
        /** @description What one of the staff is, and how it signs in. */
        StaffState: {
            /** @description Whether its password serves once and must be replaced. */
            new_password_required: boolean;
            /** @description What it may do. */
            role: string;
            /** @description Whether it has a second factor. */
            second_factor: boolean;
            /**
             * Format: int32
             * @description How many sessions it has.
             */
            sessions: number;
        };
        /** @description An announcement was handed in. */
        Submitted: {
            /**
             * Format: int32
             * @description The auction's number.
             */
            id: number;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /** @description `submitted`. */
            status: string;
        };
        /** @description The venue today. */
        Today: {
            /**
             * Format: int32
             * @description How many acts wait for a second person.
             */
            approvals: number;
            /** @description What all members can use, likewise. With what is held it is what the bank has of theirs. */
            available: string;
            /**
             * Format: int32
             * @description How many are published and have not opened.
             */
            coming: number;
            /** @description The venue's day, such as `2026-01-09`. */
            day: string;
            /**
             * Format: int32
             * @description How many of them are frozen.
             */
            frozen: number;
            /**
             * Format: int32
             * @description How many halts are in force.
             */
            halts: number;
            /** @description What is held from all members, as if nothing were held for sealed bids. */
            held: string;
            /**
             * Format: int32
             * @description How many lots of all these have not ended.
             */
            lots_open: number;
            /**
             * Format: int32
             * @description How many lots were sold on this day and not annulled.
             */
            lots_sold: number;
            /**
             * Format: int32
             * @description How many members there are.
             */
            members: number;
            /** @description When the next one opens; null: none waits to. */
            next_opens: string | null;
            /** @description The exchange's time. */
            now: string;
            /**
             * Format: int32
             * @description How many people are signed in.
             */
            people: number;
            /**
             * Format: int32
             * @description How many auctions run, with clocks that go.
             */
            running: number;
            /**
             * Format: int64
             * @description The last entry that this answer knows.
             */
            sequence: number;
            /**
             * Format: int32
             * @description How many stand still, those too that have not opened.
             */
            suspended: number;
            /** @description For how much. */
            turnover: string;
        };
        /** @description A secret that waits for its first code. */
        TotpBegun: {
            /** @description What is typed into an authenticator app, 32 letters and digits (Base32). */
            secret: string;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
            /** @description The same with login and issuer, for a QR code. */
            uri: string;
        };
        /** @description A second factor serves. */
        TotpConfirmed: {
            /** @description Each replaces one code, once. They are shown this once. */
            recovery_codes: string[];
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
        };
        /** @description An award. */
        Trade: {
            /** @description price × quantity. */
            amount: string;
            /** @description When the lot ended. */
            at: string;
            /**
             * Format: int32
             * @description Of which auction.
             */
            auction: number;
            /** @description Whether it was annulled since, and counts nowhere. */
            corrected: boolean;
            /** @description The lot's code. */
            lot: string;
            /** @description The price per unit. */
            price: string;
            /** @description How much. */
            quantity: string;
            /** @description `sale` or `procurement`. */
            side: string;
        };
        /** @description A page of awards. */
        Trades: {
            /** @description The newest first. */
            items: components["schemas"]["Trade"][];
            /** @description What to give as `cursor` for the next page; null: this is the last one. */
            next: string | null;
        };
        /** @description What became of a test at one address. */
        TrialView: {
            /** @description Over which channel. */
            channel: string;
            /** @description Why not; empty where it has. */
            detail: string;
            /** @description Whether the receiver has taken it. */
            sent: boolean;
        };
        /** @description What became of a test. */
        Trials: {
            /** @description One for each address. */
            items: components["schemas"]["TrialView"][];
        };
        /** @description A user has been added. */
        UserAdded: {
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /** @description Its first password, which serves once, where the exchange made it; null where it came with the request. */
            password: string | null;
            /**
             * Format: int64
             * @description The entry that did it.
             */
            sequence: number;
        };
        /** @description Who is signed in. */
        UserView: {
            /**
             * Format: int32
             * @description Its number, as `Expected-User` names it.
             */
            id: number;
            /** @description The login; null where the person was forgotten. */
            login: string | null;
            /** @description The code of its member; null for staff. */
            member: string | null;
            /** @description Whether the password served once and must now be replaced. */
            new_password_required: boolean;
            /** @description What it may do. */
            role: string;
            /** @description Whether a second factor must now be set up: staff always have one. */
            second_factor_enrolment_required: boolean;
        };
        /** @description What waits. */
        Waiting: {
            /**
             * @description `deposit`, `withdrawal`, `annulment`, `correction`, `profile`, `erasure`, `applicant_erasure`, `staff_addition`,
             *     `staff_role`, `password_reset` or `second_factor_removal`.
             */
            act: string;
            /** @description How much, of a deposit, withdrawal or correction; else null. */
            amount: string | null;
            /**
             * Format: int32
             * @description Whose application it was, of the erasure of an applicant; else null.
             */
            application: number | null;
            /**
             * Format: int32
             * @description The auction of an annulment; else null.
             */
            auction: number | null;
            /** @description The login of who asked; null where the person was forgotten. */
            by: string | null;
            /**
             * Format: int64
             * @description The entry whose payment is corrected; else null.
             */
            corrects: number | null;
            /** @description The role that it shall have, of an addition to the staff or a role in it; else null. */
            gets_role: string | null;
            /**
             * Format: int32
             * @description Its number.
             */
            id: number;
            /** @description Its login; null where it was forgotten meanwhile. */
            login: string | null;
            /** @description The lot of an annulment; else null. */
            lot: string | null;
            /** @description The code of the member whose cash it is, of a deposit, withdrawal or correction; else null. */
            member: string | null;
            /** @description The name of who is to join the staff; else null. */
            name: string | null;
            profile: components["schemas"]["Profile"] | null;
            /** @description Why, of an annulment or correction; else null. */
            reason: string | null;
            /** @description What the bank's statement says, of a deposit or withdrawal; else null. */
            reference: string | null;
            /** @description The role whose other users may decide. */
            role: string;
            /**
             * Format: int32
             * @description The number of the user whom it is about: of an erasure, and of the staff; null of who is to join it.
             */
            user: number | null;
        };
        /** @description The first user of a firm that was admitted, and its first password. */
        Welcome: {
            /** @description When it ends; null: it does not, or not any more. */
            ends_at: string | null;
            /** @description By what the first user signs in; null where it was forgotten. */
            login: string | null;
            /** @description The first password, which serves once, while it is `open`. */
            password: string | null;
            /**
             * @description `open`: the first password waits to be replaced; `ended`: it was not in time, and staff give a new one; `used`: the
             *     first user has a password, or was given another.
             */
            state: string;
        };
        /** @description An application with who made it. */
        WholeApplication: components["schemas"]["Application"] & {
            contact: components["schemas"]["Contact"] | null;
            /** @description Its documents, in the order in which they came; each is read at `/api/v1/files/{id}`. */
            documents: components["schemas"]["ApplicationDocument"][];
            /** @description Whether the login that was wished is taken, so that an admission needs another. */
            login_taken: boolean;
            /** @description The numbers of other applications with the same unified social credit code, the newest first, at most 20. */
            others: number[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    operations_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
        };
    };
    operations_openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    applications_list: {
        parameters: {
            query?: {
                /** @description waiting, refused or admitted */
                status?: string;
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Application"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    applications_apply: {
        parameters: {
            query?: never;
            header: {
                /** @description At least 16 characters, known to nobody else */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApplication"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationMade"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    applications_own: {
        parameters: {
            query?: never;
            header: {
                "Application-Token": string;
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnApplication"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    applications_amend: {
        parameters: {
            query?: never;
            header: {
                "Application-Token": string;
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApplication"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationAmended"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    applications_add_document: {
        parameters: {
            query: {
                /** @description What it is called, 1 to 200 characters */
                name: string;
            };
            header: {
                "Application-Token": string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The bytes of the file, at most 10,485,760; Content-Type says what they are */
        requestBody?: {
            content: {
                "application/pdf": unknown;
                "image/jpeg": unknown;
                "image/png": unknown;
                "image/webp": unknown;
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentAdded"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    applications_drop_document: {
        parameters: {
            query?: never;
            header: {
                "Application-Token": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    applications_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeApplication"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    applications_admit_applicant: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Admission"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Admitted"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    applications_erase_applicant: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    applications_refuse_applicant: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refused"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approvals_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Waiting"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approvals_approve: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approved"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approvals_decline: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Declined"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auctions_list: {
        parameters: {
            query?: {
                status?: string;
                side?: string;
                product?: string;
                initiator?: string;
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Auction"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auctions_submit: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAuction"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submitted"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auctions_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Auction"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auctions_approve: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acted"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auctions_cancel: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acted"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auctions_extend: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Extension"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acted"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hand_annul: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    bids_list: {
        parameters: {
            query?: {
                order?: string;
                after?: number;
                limit?: number;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                id: number;
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LotBids"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    bids_post: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBid"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    bids_path: {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                id: number;
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LotPath"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auctions_reject: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acted"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auctions_resume: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acted"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auctions_suspend: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acted"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_list: {
        parameters: {
            query?: {
                /** @description A login: what it did, and what concerns it */
                user?: string;
                act?: string;
                member?: string;
                auction?: number;
                from?: string;
                to?: string;
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditLine"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_export: {
        parameters: {
            query?: {
                /** @description A login: what it did, and what concerns it */
                user?: string;
                act?: string;
                member?: string;
                auction?: number;
                from?: string;
                to?: string;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    bids_own: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OwnBid"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contracts_own: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Contract"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hand_correct: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCorrection"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    demonstration_history: {
        parameters: {
            query?: {
                interval?: string;
                from?: string;
                to?: string;
                limit?: number;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeUpHistory"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    demonstration_history_csv: {
        parameters: {
            query?: {
                interval?: string;
                from?: string;
                to?: string;
                limit?: number;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    feed_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a WebSocket */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This is a WebSocket. */
            426: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FilePage"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_add: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The bytes of the file, at most 10,485,760; Content-Type says what they are */
        requestBody?: {
            content: {
                "application/pdf": unknown;
                "image/jpeg": unknown;
                "image/png": unknown;
                "image/webp": unknown;
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileAdded"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, as application/pdf, image/png, image/jpeg or image/webp */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_remove: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followed_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Followed"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followed_change: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FollowChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    funds_own: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Funds"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    funds_margins: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Margins"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    funds_postings: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Posting"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hand_halts: {
        parameters: {
            query?: {
                in_force?: boolean;
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Halt"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hand_halt: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewHalt"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HaltBegun"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hand_lift: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proof_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Head"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keys_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Key"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keys_add: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyAdded"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keys_revoke: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    limits_get: {
        parameters: {
            query?: {
                login?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Limits"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    limits_set: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLimits"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Member"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_admit: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMember"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Added"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    funds_deposit: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPayment"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Moved"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hand_freeze: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    funds_of_member: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Funds"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    funds_payments: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Payment"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hand_unfreeze: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    funds_withdraw: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPayment"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Moved"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    operations_node: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeView"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notices_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notices"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notices_add_browser: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBrowser"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notices_remove_browser: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OldBrowser"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notices_read: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadUpTo"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notices_settings: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeSettingsSeen"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notices_set: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoticeSettings"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notices_test: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trials"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_password: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPassword"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hand_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPreview"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    products_list: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Product"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    products_add: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProduct"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Added"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    products_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    products_describe: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDescription"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    venue_profile: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    venue_set_profile: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Profile"];
            };
        };
        responses: {
            /** @description under rules 1: done at once */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quotes_list: {
        parameters: {
            query?: {
                side?: string;
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quotes"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quotes_get: {
        parameters: {
            query?: {
                side?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quotes"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quotes_candles: {
        parameters: {
            query: {
                side: string;
                interval?: string;
                from?: string;
                to?: string;
                limit?: number;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Candles"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quotes_candles_csv: {
        parameters: {
            query: {
                side: string;
                interval?: string;
                from?: string;
                to?: string;
                limit?: number;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quotes_trades: {
        parameters: {
            query?: {
                side?: string;
                from?: string;
                to?: string;
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trades"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quotes_trades_csv: {
        parameters: {
            query?: {
                side?: string;
                from?: string;
                to?: string;
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "second-factor_get": {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactor"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "second-factor_add_passkey": {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasskey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyAdded"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "second-factor_passkey_options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProofIfAny"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyCreation"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "second-factor_remove_passkey": {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProofIfAny"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "second-factor_begin": {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProofIfAny"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpBegun"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "second-factor_remove": {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProofIfAny"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "second-factor_confirm": {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Code"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpConfirmed"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_list: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Device"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_open: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_current: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_close: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_close_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    venue_today: {
        parameters: {
            query?: never;
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Today"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_list: {
        parameters: {
            query?: {
                member?: string;
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The answer knows this entry, or is 503 after two seconds. */
                "Min-Sequence"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Person"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_add: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAdded"];
                };
            };
            /** @description of the staff */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_erase: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                login: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    limits_give: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                login: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GivenLimit"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_lock: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                login: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_reset_password: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                login: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FirstPassword"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordReset"];
                };
            };
            /** @description of the staff */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_set_role: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                login: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRole"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description of the staff */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_remove_of: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                login: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description of the staff */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_unlock: {
        parameters: {
            query?: never;
            header: {
                "Idempotency-Key": string;
            };
            path: {
                login: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Not JSON, not the schema, or a header that cannot be. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in, or login or password are wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it, or another person must. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing for who asks. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A rule said no; `reason` names it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not declared as JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value that cannot be, or a key that was used with another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too often; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It may have been done: ask again with the same key. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    operations_livez: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    operations_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
        };
    };
    operations_readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Surely nothing was done; see Retry-After. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
