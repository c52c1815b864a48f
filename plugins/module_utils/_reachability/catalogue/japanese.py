# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Findings and hops in Japanese: of each finding what is wrong, and what to do. PRIVATE to the collection.

In the words of AWS's Japanese documentation; the places are those of ``english.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

from .findings import Text

FINDINGS: Mapping[str, Text] = {
    # what could not be read
    "not_read": Text(
        "読み取り不可",
        "{action} が AWS に拒否された ({answer}) ため、経路が開いていることを確認できません。",
        "{action} を許可してから、もう一度確認してください。",
    ),
    "not_looked_at": Text(
        "未確認",
        "{action} が AWS に拒否された ({answer}) ため、この項目は確認していません。",
        "確認が必要な場合は、{action} を許可してください。",
    ),
    # the function
    "function_missing": Text(
        "関数がない",
        "このアカウントとリージョンに関数 {resource} はありません。",
        "関数名と region オプションを確認してください。",
    ),
    "not_in_vpc": Text(
        "VPC に未接続",
        "関数 {resource} は VPC に接続されていないため、VPC 内のデータベースに到達できません。",
        "モジュール lambda_rds_connection などで VPC に接続してください。",
    ),
    "other_vpc": Text(
        "別の VPC (ピアリングなし)",
        (
            "関数 {resource} は {vpc_id} にありますが、{database} は {database_vpc_id} にあります。2 つの VPC を結ぶア"
            "クティブなピアリング接続も、Transit Gateway や Cloud WAN を経由するルートもありません。"
        ),
        "関数を移動する (allow_vpc_change) か、2 つの VPC をピアリングしてルートを追加してください。",
    ),
    "function_pending": Text(
        "関数が Pending",
        "関数 {resource} は Lambda が準備中のため、まだ呼び出せません (State: Pending)。{reason}",
        "Active になるまで待ってください。",
    ),
    "function_failed": Text(
        "関数が Failed",
        "関数 {resource} は呼び出せません (State: Failed)。{reason}",
        "原因を解消してから、関数を更新してください。",
    ),
    "function_deleting": Text(
        "関数が Deleting",
        "関数 {resource} は削除中のため、呼び出せません (State: Deleting)。{reason}",
        "削除が完了してから作成し直すか、別の関数を指定してください。",
    ),
    "function_deactivated": Text(
        "関数が非アクティブ化",
        "関数 {resource} は非アクティブ化されているため、呼び出せません (State: {state})。{reason}",
        "関数をアクティブ化し、State が Active になってから、もう一度確認してください。",
    ),
    "function_not_invocable": Text(
        "関数を呼び出せない",
        "Lambda が呼び出すのはアクティブな関数だけですが、関数 {resource} の State は {state} です。{reason}",
        (
            "State が Active になるようにしてください。Lambda Managed Instances の場合は、呼び出し対象となるバージョ"
            "ンを発行してください。"
        ),
    ),
    "on_capacity_provider": Text(
        "キャパシティープロバイダーで実行",
        (
            "関数 {resource} は Lambda Managed Instances で実行されます。サブネットとセキュリティグループはキャパシ"
            "ティープロバイダー {provider} の設定であり、ここでは確認しないため、経路が開いていることを確認できません。"
        ),
        "キャパシティープロバイダーのサブネットとセキュリティグループからの経路を確認してください。",
    ),
    "function_inactive": Text(
        "関数が Inactive",
        (
            "関数 {resource} は長期間アイドル状態だったため、Lambda がネットワークインターフェイスを回収しました "
            "(State: Inactive)。最初の呼び出しは失敗し、そこからインターフェイスの再作成が始まります。"
        ),
        "一度呼び出し、State が Active になってからもう一度呼び出してください。",
    ),
    "update_in_progress": Text(
        "更新中",
        "関数 {resource} は更新中です。完了するまでは更新前の設定が使用されます。",
        "LastUpdateStatus が Successful になってから、もう一度確認してください。",
    ),
    "update_failed": Text(
        "前回の更新が失敗",
        (
            "関数 {resource} の前回の更新が失敗しました ({reason_code})。更新前の設定が引き続き使用されており、更新後に"
            "予定されていた設定ではなく、更新前の設定を確認しました。{reason}"
        ),
        "原因を解消してから、関数をもう一度更新してください。",
    ),
    "alias_not_connected": Text(
        "エイリアスが未接続",
        (
            "関数 {function} のエイリアス {alias} はバージョン {version} を指しています。このバージョンは発行時の"
            " VPC 設定を保持しており、関数の現在の VPC 設定とは異なります。"
        ),
        "バージョンを発行してエイリアスを更新してください (例: publish=true と alias={alias})。",
    ),
    "short_timeout": Text(
        "タイムアウトが短い",
        (
            "関数 {resource} は {timeout} 秒でタイムアウトします。データベースへの最初の接続だけでそのくらいかか"
            "ることがあります。"
        ),
        "関数のタイムアウトを 10 秒以上にしてください。",
    ),
    "snap_start": Text(
        "SnapStart",
        (
            "関数 {resource} は SnapStart を使用しています。スナップショットはバージョンの発行時に作成されるため、"
            "その中の接続は復元時には切れています。"
        ),
        "復元後に接続を開き直し、VPC 設定を変更するたびにバージョンを発行してください。",
    ),
    "role_cannot_make_interfaces": Text(
        "実行ロールの権限不足",
        (
            "実行ロール {resource} は {actions} を許可されていません ({why})。Lambda が関数のネットワークインター"
            "フェイスを管理するために必要です。対象のサブネットとセキュリティグループについて、IAM Policy Simulator"
            " がロールのポリシー、アクセス許可の境界、組織のポリシーを評価した結果です。"
        ),
        (
            "マネージドポリシー AWSLambdaVPCAccessExecutionRole をロールにアタッチし、拒否しているポリシーがあれば解"
            "除してください。"
        ),
    ),
    "role_limited_by_conditions": Text(
        "実行ロールの権限が条件付き",
        (
            "実行ロール {resource} には評価できない条件 ({conditions}) が付いているため、関数のネットワークインター"
            "フェイスの管理に必要な {actions} が許可されるかどうかは不明です。"
        ),
        (
            "Lambda がこのロールで行う操作で条件が満たされることを確認するか、AWSLambdaVPCAccessExecutionRole をア"
            "タッチしてください。"
        ),
    ),
    # addresses
    "no_free_addresses": Text(
        "空き IP アドレスなし",
        (
            "サブネット {resource} に空き IP アドレスがありません。関数のセキュリティグループを使用する Lambda のネ"
            "ットワークインターフェイスがまだ確認できないため、作成用に IP アドレスが 1 つ必要です。"
        ),
        "IP アドレスを解放するか、関数に別のサブネットを指定してください。",
    ),
    "no_spare_addresses": Text(
        "予備の IP アドレスなし",
        (
            "サブネット {resource} に空き IP アドレスがありません。関数は既存の Lambda のネットワークインターフェイ"
            "スを共有しますが、接続数が増えて追加が必要になった場合や、セキュリティグループを変更する場合には余裕が"
            "ありません。"
        ),
        "必要になる前に IP アドレスを解放するか、関数に別のサブネットを指定してください。",
    ),
    "few_free_addresses": Text(
        "空き IP アドレスがわずか",
        "サブネット {resource} の空き IP アドレスは残り {free} 個です。",
        "使用状況を監視するか、関数により大きなサブネットを指定してください。",
    ),
    # security groups
    "egress_closed": Text(
        "アウトバウンドルールなし",
        (
            "{source} のセキュリティグループ ({groups}) は、{target} への {protocol}/{port} のアウトバウンドトラ"
            "フィックを許可していません。"
        ),
        "{peers} への {protocol}/{port} を許可するアウトバウンドルールを追加してください。",
    ),
    "egress_wrong_port": Text(
        "アウトバウンドルールのポート違い",
        (
            "{source} のセキュリティグループは {target} へのアウトバウンドで {rules} を許可していますが、接続先が"
            "待ち受ける {protocol}/{port} を許可していません。"
        ),
        "ルールのポートを変更するか、{peers} への {protocol}/{port} を許可するルールを追加してください。",
    ),
    "egress_partly": Text(
        "アウトバウンドルールの範囲不足",
        (
            "{source} のアウトバウンドルール ({rules}) は、{subnets} で {target} に割り当てられる可能性がある IP "
            "アドレスの一部しか許可していません。{effect}"
        ),
        (
            "セキュリティグループ {peers} または {cidrs} への {protocol}/{port} を許可するアウトバウンドルールを追加"
            "してください。"
        ),
    ),
    "ingress_closed": Text(
        "インバウンドルールなし",
        (
            "{target} のセキュリティグループ ({groups}) は、{source} からの {protocol}/{port} のインバウンドトラ"
            "フィックを許可していません。"
        ),
        "{peers} からの {protocol}/{port} を許可するインバウンドルールを追加してください。",
    ),
    "ingress_wrong_port": Text(
        "インバウンドルールのポート違い",
        (
            "{target} のセキュリティグループは {source} からのインバウンドで {rules} を許可していますが、待ち受け"
            "ている {protocol}/{port} を許可していません。"
        ),
        "ルールのポートを変更するか、{peers} からの {protocol}/{port} を許可するルールを追加してください。",
    ),
    "ingress_partly": Text(
        "インバウンドルールの範囲不足",
        (
            "{target} のインバウンドルール ({rules}) は、{subnets} で {source} に割り当てられる可能性がある IP ア"
            "ドレスの一部しか許可していません。{effect}"
        ),
        (
            "セキュリティグループ {peers} または {cidrs} からの {protocol}/{port} を許可するインバウンドルールを追加"
            "してください。"
        ),
    ),
    # network ACLs
    "acl_out_closed": Text(
        "ネットワーク ACL が拒否 (アウトバウンド)",
        (
            "ネットワーク ACL {resource} は、{subnets} から {others} への {protocol}/{port} のアウトバウンドトラ"
            "フィックを拒否しています ({entry})。{effect}"
        ),
        (
            "ルール番号 {number} より先に評価されるように、{cidrs} への TCP {ports} を許可するアウトバウンドルールを"
            " {resource} に追加してください。"
        ),
    ),
    "acl_in_closed": Text(
        "ネットワーク ACL が拒否 (インバウンド)",
        (
            "ネットワーク ACL {resource} は、{others} から {subnets} への {protocol}/{port} のインバウンドトラフ"
            "ィックを拒否しています ({entry})。{effect}"
        ),
        (
            "ルール番号 {number} より先に評価されるように、{cidrs} からの TCP {ports} を許可するインバウンドルールを"
            " {resource} に追加してください。"
        ),
    ),
    "acl_return_out_closed": Text(
        "ACL がリターントラフィックを拒否 (アウトバウンド)",
        (
            "ネットワーク ACL {resource} は、{subnets} から {others} へのリターントラフィックを、エフェメラルポート "
            "1024-65535 のうち TCP {ports} で拒否しています ({entry})。{effect}"
        ),
        (
            "ルール番号 {number} より先に評価されるように、{cidrs} への TCP {ports} を許可するアウトバウンドルールを"
            " {resource} に追加してください。"
        ),
    ),
    "acl_return_in_closed": Text(
        "ACL がリターントラフィックを拒否 (インバウンド)",
        (
            "ネットワーク ACL {resource} は、{others} から {subnets} へのリターントラフィックを、エフェメラルポート "
            "1024-65535 のうち TCP {ports} で拒否しています ({entry})。{effect}"
        ),
        (
            "ルール番号 {number} より先に評価されるように、{cidrs} からの TCP {ports} を許可するインバウンドルールを"
            " {resource} に追加してください。"
        ),
    ),
    # routes
    "acl_unknown": Text(
        "ネットワーク ACL が不明",
        "サブネット {subnets} のネットワーク ACL が AWS の応答にないため、経路が開いていることを確認できません。",
        "もう一度実行してください。変わらない場合は、VPC 全体のネットワーク ACL を読み取れることを確認してください。",
    ),
    "no_ipv4_addresses": Text(
        "IPv4 アドレスなし",
        "{resource} のサブネットには IPv6 アドレスしかなく、判定の対象である IPv4 の経路がありません。",
        "IPv4 アドレスもあるサブネットを使ってください。",
    ),
    "subnets_unknown": Text(
        "サブネットが不明",
        "{resource} のサブネットが AWS の応答にないため、経路が開いていることを確認できません。",
        "もう一度実行してください。変わらない場合は、サブネットが存在し、読み取れることを確認してください。",
    ),
    "route_beyond_view": Text(
        "ルートの先は未確認",
        (
            "{resource} にある {subnets} から {others} へのルートのターゲットは {target} です。そのルートやアタッチメ"
            "ント、さらに先の経路は確認の対象外のため、経路が開いていることを確認できません。"
        ),
        "VPC Reachability Analyzer などで、{target} の往路と復路を確認してください。",
    ),
    "route_table_unknown": Text(
        "ルートテーブルが不明",
        "サブネット {subnets} のルートテーブルが AWS の応答にないため、経路が開いていることを確認できません。",
        "もう一度実行してください。変わらない場合は、VPC 全体のルートテーブルを読み取れることを確認してください。",
    ),
    "no_route": Text(
        "ルートなし",
        "ルートテーブル {resource} に、{subnets} から {others} へのルートがありません。{effect}",
        "{resource} に、ピアリング接続をターゲットとする {cidrs} へのルートを追加してください。",
    ),
    "route_blackhole": Text(
        "ルートがブラックホール",
        (
            "{resource} にある {subnets} から {others} へのルートのターゲット {target} は、すでに存在しません (ブ"
            "ラックホール)。{effect}"
        ),
        "{cidrs} へのルートのターゲットをアクティブなピアリング接続にするか、ルートを削除してください。",
    ),
    "route_elsewhere": Text(
        "ルートの行き先が違う",
        (
            "{resource} にある {subnets} から {others} へのルートのターゲットは {target} です。これは両者を結ぶ経"
            "路ではないか、その先を確認できません。{effect}"
        ),
        "{target} が {cidrs} へのトラフィックをどう扱うか確認するか、直接のルートを設定してください。",
    ),
    # pairs of subnets
    "some_pairs": Text(
        "一部のサブネットのみ接続可",
        (
            "サブネットの組み合わせによって経路が開いている場合と閉じている場合があり、呼び出しが成功したり失敗し"
            "たりします。{effect}接続不可: {closed}。接続可: {open}。"
        ),
        "該当するサブネットについて他の検出結果を解消するか、関数をそのサブネットから外してください。",
    ),
    # names
    "dns_support_off": Text(
        "VPC の DNS が無効",
        "VPC {resource} では名前解決が無効 (enableDnsSupport がオフ) のため、関数は {host} の名前を解決できません。",
        "VPC の enableDnsSupport を有効にしてください。",
    ),
    "public_name_over_peering": Text(
        "ピアリング越しにパブリック IP",
        (
            "{host} は VPC の外ではパブリック IP アドレスに解決され、ピアリング接続 {resource} ではプライベート "
            "IP アドレスに解決されません。"
        ),
        (
            "ピアリング接続でリモート VPC からの DNS 解決を許可するか、データベースをパブリックアクセス不可にして"
            "ください。"
        ),
    ),
    # the database
    "database_missing": Text(
        "データベースがない",
        "このアカウントとリージョンに {resource} はありません。",
        "名前と region オプションを確認してください。",
    ),
    "database_no_vpc": Text(
        "データベースが VPC 外",
        "{resource} は VPC 内にありません。",
        "パブリックエンドポイントで接続するか、VPC 内に作成してください。",
    ),
    "database_no_endpoint": Text(
        "エンドポイントなし",
        "{resource} にはまだエンドポイントがありません (ステータス: {status})。",
        "available になるまで待ってください。",
    ),
    "database_not_available": Text(
        "データベースが利用不可",
        "{resource} は接続を受け付けていません (ステータス: {status})。",
        "データベースを起動するか、利用できない原因を解消してください。",
    ),
    "database_busy": Text(
        "データベースが処理中",
        "{resource} は処理中 (ステータス: {status}) のため、接続が一時的に切れることがあります。",
        "ステータスが available になってから、もう一度確認してください。",
    ),
    "cluster_no_members": Text(
        "クラスターにインスタンスがない",
        (
            "クラスター {resource} のステータスは available ですが、インスタンスがないため、エンドポイントの接続先があ"
            "りません。"
        ),
        "クラスターにインスタンスを作成し、available になるまで待ってください。",
    ),
    "cluster_writer_not_available": Text(
        "ライターが利用不可",
        ("クラスター {resource} のライターインスタンス {member} は接続を受け付けていません (ステータス: {status})。"),
        "インスタンスを起動するか、利用できない原因を解消するか、リーダーにフェイルオーバーしてください。",
    ),
    "cluster_reader_not_available": Text(
        "リーダーが利用不可",
        ("クラスター {resource} のリーダーインスタンス {member} は接続を受け付けていません (ステータス: {status})。"),
        "インスタンスを起動するか、利用できない原因を解消してください。",
    ),
    "database_place_unknown": Text(
        "場所が不明",
        (
            "データベースのセキュリティグループ ({groups}) が付いたネットワークインターフェイスが見つからないため、デー"
            "タベースの場所が不明です。これらのグループと関数のグループの許可は判定しましたが、ルート、ネットワーク "
            "ACL、リターントラフィックは判定していません。"
        ),
        "データベースを作成した後でもう一度確認するか、識別子でデータベースを指定してください。",
    ),
    "database_group_adding": Text(
        "グループを追加中",
        "セキュリティグループ {group} は {resource} に追加中です。",
        "1 分ほど待ってから、もう一度確認してください。",
    ),
    "database_group_removing": Text(
        "グループを削除中",
        "セキュリティグループ {group} は {resource} から削除中のため、そのルールは考慮していません。",
        "意図したものであれば、対応は不要です。",
    ),
    "group_not_on_database": Text(
        "指定のグループが未設定",
        (
            "指定されたセキュリティグループ {groups} は {resource} に設定されていないため、そのルールでは {resource} "
            "への接続は許可されません。"
        ),
        (
            "rds_security_group_ids を指定せずに設定済みのグループを使うか、これらのグループをデータベースに設定してく"
            "ださい。"
        ),
    ),
    "not_its_port": Text(
        "ポートの指定違い",
        "{resource} は、指定されたポート {given} ではなく、ポート {port} で接続を受け付けています。",
        "port を指定しないか、{port} を指定してください。",
    ),
    "database_public": Text(
        "パブリックアクセス可能",
        "{resource} はパブリックアクセス可能です。ここではプライベートな経路のみを確認しています。",
        "インターネットから接続しない場合は、パブリックアクセス不可にしてください。",
    ),
    "ipv6_closed": Text(
        "IPv6 が接続不可",
        (
            "{resource} には IPv6 アドレスもあり、関数は IPv6 を使用できますが、その経路は閉じています。IPv6 を先"
            "に試すクライアントは、接続が遅れるか失敗します。"
        ),
        "IPv6 の経路も開くか、ipv6_allowed_for_dual_stack を false にしてください。",
    ),
    # the proxy
    "proxy_no_target": Text(
        "プロキシのターゲットなし",
        "RDS Proxy {resource} にターゲットが登録されていないため、接続先がありません。",
        "モジュール rds_db_proxy などで、データベースをターゲットとして登録してください。",
    ),
    "proxy_target_unhealthy": Text(
        "プロキシのターゲットが異常",
        "RDS Proxy {resource} は {target} に到達できません: {health} {description}",
        "モジュール rds_db_proxy_info で確認してください。対処方法が示されます。",
    ),
    "proxy_target_unreachable": Text(
        "プロキシからターゲットに到達不可",
        "AWS によると、RDS Proxy {resource} は {target} に到達できません ({health})。{description}",
        (
            "ルール、ネットワーク ACL、ルートを変更した直後であれば、数分後にもう一度確認してください。AWS が再確認す"
            "るまでには時間がかかります。解消しない場合は、経路を塞いでいるものがほかにないか、また {target} が利用可"
            "能かどうかを確認してください。"
        ),
    ),
    "proxy_target_pending": Text(
        "プロキシが準備中",
        "RDS Proxy {resource} は、まだ {target} を使用できる状態になっていません: {health} {description}",
        (
            "数分後にもう一度確認してください。解消しない場合は、プロキシのサブネットに空き IP アドレスがあるか確認して"
            "ください。"
        ),
    ),
    "proxy_no_reader": Text(
        "リーダーインスタンスなし",
        (
            "RDS Proxy {resource} のこのエンドポイントは読み取り専用ですが、{target} にリーダーインスタンスがないため、"
            "接続はすべて拒否されます。"
        ),
        (
            "{target} にリーダーインスタンスを追加するか、プロキシの読み取り/書き込み用エンドポイントに接続してくださ"
            "い。"
        ),
    ),
    # quotas
    "rules_near_quota": Text(
        "ルール数がクォータに近い",
        (
            "セキュリティグループ {resource} の {direction} ルールは {count} 個分で、クォータ {quota} に近づいていま"
            "す。プレフィックスリストを参照するルールは、その最大エントリ数として数えられます。"
        ),
        (
            "ルールを減らす、クォータ L-0EA8095F の引き上げを申請する、またはクライアント用グループを共有してくだ"
            "さい (security_group_scope=database)。"
        ),
    ),
    "groups_near_quota": Text(
        "グループ数がクォータに近い",
        "関数 {resource} のセキュリティグループは {count} 個で、クォータは {quota} です。",
        "不要なセキュリティグループを関数から外してください。",
    ),
    "interfaces_near_quota": Text(
        "ENI 数がクォータに近い",
        (
            "VPC {resource} の Lambda のネットワークインターフェイスは {count} 個で、AWS のデフォルトのクォータ "
            "{quota} に近づいています。"
        ),
        "クライアント用グループを共有する (security_group_scope=database) か、クォータの引き上げを申請してください。",
    ),
    # what else the function reaches
    "no_internet": Text(
        "インターネット接続なし",
        "関数 {resource} は {subnets} からインターネットに出られません。",
        (
            "必要な場合は、これらのサブネットの 0.0.0.0/0 を NAT ゲートウェイにルーティングしてください。インター"
            "ネットゲートウェイは関数では使えません。"
        ),
    ),
    "services_unreachable": Text(
        "AWS サービスに到達不可",
        "関数 {resource} は {services} に到達できません。インターネットへの経路も VPC エンドポイントもありません。",
        "関数が呼び出すサービスの VPC エンドポイントを追加してください。",
    ),
    "endpoint_closed": Text(
        "VPC エンドポイントが接続不可",
        (
            "{service} の VPC エンドポイント {endpoint} は関数 {resource} からの接続を許可していません。エンドポ"
            "イントのセキュリティグループ ({groups}) が tcp/443 のインバウンドトラフィックを許可していません。"
        ),
        (
            "エンドポイントのセキュリティグループに、{peers} からの tcp/443 を許可するインバウンドルールを追加し"
            "てください。"
        ),
    ),
    "https_egress_closed": Text(
        "HTTPS のアウトバウンドなし",
        (
            "関数 {resource} のセキュリティグループは tcp/443 のアウトバウンドトラフィックを許可していないため、"
            "{services} に到達できません。"
        ),
        "関数がこれらを呼び出す場合は、アウトバウンドルールを追加してください (オプション egress_rules、tcp/443)。",
    ),
    # 接続と切断
    "internet_lost": Text(
        "VPC の外への経路",
        (
            "これまで VPC に接続されていなかった関数: {functions}。VPC 内の関数は、NAT ゲートウェイへのルートまたは"
            " VPC エンドポイントがなければ、インターネットや Secrets Manager などの AWS サービスにアクセスできません"
            "。"
        ),
        "関数が呼び出すサービスへの経路がサブネットにあることを確認してください。",
    ),
    "none_chosen": Text(
        "対象の関数がない",
        "{parameter} ({value}): このアカウントとリージョンに該当する関数がありません。",
        "値とオプション region を確認するか、該当する関数がない場合にはタスクをスキップしてください。",
    ),
    "alias_gets_other_code": Text(
        "エイリアスのコードが変わる",
        (
            "関数 {function} のコードはバージョン {version} から変更されているため、エイリアス {alias} が参照するコ"
            "ードも変わります。"
        ),
        "このコードを使用してよいことを確認してください。",
    ),
    "not_given_back": Text(
        "元の VPC 設定が存在しない",
        "関数 {resource} が接続前に使用していたリソース ({saved}) は存在しないため、元に戻せませんでした。",
        "関数に VPC が必要な場合は、手動で設定してください。",
    ),
    "left_on": Text(
        "グループを残した",
        (
            "関数 {resource} のセキュリティグループ {group} は、このモジュールが作成も追加もしていないため、そのまま"
            "残しました。"
        ),
        "不要であれば、手動で外してください。",
    ),
    "login_policy_kept": Text(
        "IAM ポリシーは使用中",
        "ロール {resource} を使用する他の関数が接続中のため ({functions})、インラインポリシー {policy} を残しました。",
        "最後の関数を切断すると削除されます。",
    ),
    "login_policy_not_ours": Text(
        "IAM ポリシーが別のもの",
        (
            "ロール {resource} のインラインポリシー {policy} は、このモジュールが書き込む内容と異なるため、変更して"
            "いません。"
        ),
        "不要であれば削除してください。",
    ),
    "login_roles_not_searched": Text(
        "IAM ロールを検索できない",
        (
            "次の関数はすでに削除されています: {resource}。その実行ロールにデータベースへのログインを許可するポリシ"
            "ーが残っている可能性がありますが、アカウントのロールを検索する権限がありません。"
        ),
        "iam:GetAccountAuthorizationDetails を許可して、タスクを再実行してください。",
    ),
    "serverless_does_not_pause": Text(
        "クラスターが一時停止しない",
        "クラスター {resource} は 0 ACU までスケールダウンできますが、プロキシが接続を維持するため、一時停止しません。",
        "常に料金が発生することを見込むか、プロキシを使わずに接続してください。",
    ),
    "not_ours": Text(
        "別の方法で作成されたプロキシ",
        (
            "プロキシ {resource} はこのモジュールで作成されたものではありません。タスクで指定された設定だけを変更し"
            "、タグは削除しません。"
        ),
        "削除する場合は、作成した方法で削除してください。",
    ),
}

HOPS: Mapping[str, str] = {
    "function": "Lambda 関数",
    "egress": "セキュリティグループ (アウトバウンド)",
    "route": "ルート",
    "acl_out": "ネットワーク ACL (アウトバウンド)",
    "acl_in": "ネットワーク ACL (インバウンド)",
    "ingress": "セキュリティグループ (インバウンド)",
    "return": "リターントラフィック",
    "proxy": "RDS Proxy",
    "database": "データベース",
}

EFFECTS: Mapping[str, str] = {
    "few": "約 {count} 回に 1 回の接続が失敗しますが、通常は再試行で成功します。",
    "few_addresses": "影響を受けるのは、可能性がある IP アドレスの約 {count} 個に 1 個で、それ以外では接続できます。",
    "some": "約 {count} 回に 1 回の接続が失敗します。",
    "most": "100 回のうち約 {count} 回の接続が失敗します。",
}

STATES: Mapping[str, str] = {
    "open": "接続可",
    "closed": "接続不可",
    "partly": "一部のみ接続可",
    "unknown": "不明",
}
